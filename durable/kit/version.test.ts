import { expect, test } from 'vitest';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { asOpId, asUserId } from '../../domain/shared/ids.ts';
import { requireVersion } from './version.ts';

test.each([
  [RPC_VERSION, true],
  [RPC_VERSION - 1, true],
  [RPC_VERSION + 1, false],
  [RPC_VERSION - 2, false],
])(
  'a message of version %d is understood: %s; what is not is thrown back, so that its sender keeps it',
  (v, understood) => {
    const actor = { kind: 'operator', userId: asUserId('usr_00000000000000000000000001') } as const;
    const judged = expect(() => {
      requireVersion({ v, actor, opId: asOpId('op-00000001') });
    });
    if (understood) judged.not.toThrow();
    else judged.toThrow(`version ${v}`);
  },
);
