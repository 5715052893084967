import { createHash } from 'node:crypto';
import { idFromBytes, type IdName } from '../../domain/shared/ids.ts';
import { encodeBase32 } from '../../domain/shared/base32.ts';

// The demo's data is the same on every machine: ids and "random" choices are digests of names.

function digest(text: string): Buffer {
  return createHash('sha256').update(`kirana demo: ${text}`).digest();
}

export function demoId(name: IdName, key: string): string {
  return idFromBytes(name, digest(`${name} ${key}`).subarray(0, 16));
}

/** For the kinds of id that no other part of the system names. */
export function demoIdWithPrefix(prefix: string, key: string): string {
  return `${prefix}_${encodeBase32(digest(`${prefix} ${key}`).subarray(0, 16))}`;
}

/** A whole number from 0 to `below` - 1 that only depends on the key. */
export function pick(key: string, below: number): number {
  return digest(key).readUInt32BE(0) % below;
}

export function pickFrom<T>(key: string, choices: readonly [T, ...T[]]): T {
  return choices[pick(key, choices.length)] ?? choices[0];
}
