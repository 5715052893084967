import { expect, test } from 'vitest';
import { chooseGateway } from './choose.ts';

function never(): never {
  throw new Error('not called here');
}

test('the method chooses the gateway, and play money is refused in production [Y1]', () => {
  expect(chooseGateway('cod', { environment: 'production', sandbox: never, wallet: never })?.provider).toBe('cod');
  expect(chooseGateway('sandbox', { environment: 'local', sandbox: never, wallet: never })?.provider).toBe('sandbox');
  expect(chooseGateway('sandbox', { environment: 'production', sandbox: never, wallet: never })).toBeNull();
});
