import { expect, test } from 'vitest';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { asOpId, asUserId } from '../../domain/shared/ids.ts';
import { requireVersion } from './version.ts';

function call(v: number): () => void {
  const actor = { kind: 'operator', userId: asUserId('usr_00000000000000000000000001') } as const;
  return () => {
    requireVersion({ v, actor, opId: asOpId('op-00000001') });
  };
}

test('this version of a message and the one before are understood', () => {
  expect(call(RPC_VERSION)).not.toThrow();
  expect(call(RPC_VERSION - 1)).not.toThrow();
});

test('any other is thrown back, so that its sender keeps it', () => {
  expect(call(RPC_VERSION + 1)).toThrow(`version ${RPC_VERSION + 1}`);
  expect(call(RPC_VERSION - 2)).toThrow(`version ${RPC_VERSION - 2}`);
});
