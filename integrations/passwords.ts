import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * scrypt with N = 2^15, r = 8, p = 1: 32 MiB and about 80 ms a password on one core. OWASP's Password Storage Cheat Sheet
 * asks p = 3 at this N; a Worker has 128 MiB and one thread for all its requests. To raise it, change this line: the
 * parameters travel in the hash, so older hashes go on working and are replaced at the next sign-in.
 */
const COST = { logN: 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** scrypt needs 128 * N * r bytes and a little more; what a hash asks for beyond this is refused. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** `scrypt$<log2 N>$<r>$<p>$<salt, base64>$<hash, base64>` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, COST);
  return ['scrypt', COST.logN, COST.r, COST.p, toBase64(salt), toBase64(hash)].join('$');
}

/**
 * Whether the password is the one of the hash. `null` stands for a user who does not exist or has no password: the answer
 * is no, after the same work, so that the time does not tell who has an account. A hash that cannot be read is a bug.
 */
export async function verifyPassword(password: string, encoded: string | null): Promise<boolean> {
  if (encoded === null) {
    await derive(password, new Uint8Array(SALT_BYTES), HASH_BYTES, COST);
    return false;
  }
  const { cost, salt, hash } = parseHash(encoded);
  return timingSafeEqual(await derive(password, salt, hash.length, cost), hash);
}

/** True when the hash was made with other parameters than today's: hash the password again at its next right use. */
export function isOutdatedHash(encoded: string): boolean {
  const { cost } = parseHash(encoded);
  return cost.logN !== COST.logN || cost.r !== COST.r || cost.p !== COST.p;
}

const HASH = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]{22,}={0,2})\$([A-Za-z0-9+/]{43,}=?)$/;

function parseHash(encoded: string): { cost: Cost; salt: Uint8Array; hash: Uint8Array } {
  const [, logN, r, p, salt, hash] = HASH.exec(encoded) ?? [];
  // The message must not carry the hash into a log.
  if (salt === undefined || hash === undefined) throw new Error('a password hash is not in the form scrypt$…');
  return {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: fromBase64(salt),
    hash: fromBase64(hash),
  };
}

function derive(password: string, salt: Uint8Array, length: number, { logN, r, p }: Cost): Promise<Uint8Array> {
  // The same password typed on two keyboards may differ in how its accents are composed (NIST SP 800-63B, 3.1.1.2).
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, { N: 2 ** logN, r, p, maxmem: MEMORY_BYTES_MAX }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
