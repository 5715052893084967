import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPassword, isOutdatedHash, verifyPassword } from './passwords.ts';

test('a hash names its parameters, verifies its password and no other', async () => {
  const hash = await hashPassword('sesame street 7');
  expect(hash).toMatch(/^scrypt\$15\$8\$1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
  expect(await verifyPassword('sesame street 7', hash)).toBe(true);
  expect(await verifyPassword('sesame street 8', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
});

test('the same password is hashed differently each time', async () => {
  expect(await hashPassword('sesame')).not.toBe(await hashPassword('sesame'));
});

test('a hash of other parameters still verifies, and is called outdated', async () => {
  const salt = Buffer.alloc(16, 7);
  const key = scryptSync('sesame', salt, 32, { N: 2 ** 10, r: 8, p: 2 });
  const old = `scrypt$10$8$2$${salt.toString('base64')}$${key.toString('base64')}`;
  expect(await verifyPassword('sesame', old)).toBe(true);
  expect(isOutdatedHash(old)).toBe(true);
  expect(isOutdatedHash(await hashPassword('sesame'))).toBe(false);
});

test('composed and decomposed accents are one password', async () => {
  expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
});

test('nobody has no password', async () => {
  expect(await verifyPassword('sesame', null)).toBe(false);
});

test('a hash that asks for more memory than allowed, or is none, throws without repeating it', async () => {
  const huge = (await hashPassword('sesame')).replace('$15$', '$20$');
  await expect(verifyPassword('sesame', huge)).rejects.toThrow(/memory/i);
  await expect(verifyPassword('sesame', 'plaintext-by-mistake')).rejects.toThrow('a password hash is not in the form');
});
