/**
 * The parts of Node that the Worker may use through `nodejs_compat`. Declared here, and not by `@types/node`, so that
 * `process`, `Buffer` and `node:fs` stay compile errors in edge/ and durable/.
 * https://developers.cloudflare.com/workers/runtime-apis/nodejs/crypto/
 */
declare module 'node:crypto' {
  type Bytes = string | ArrayBufferView | ArrayBuffer;
  type DigestEncoding = 'hex' | 'base64' | 'base64url';

  /** `N` cost, `r` block size, `p` parallelism; memory is about 128 * N * r bytes and must stay under `maxmem`. */
  interface ScryptOptions {
    N?: number;
    r?: number;
    p?: number;
    maxmem?: number;
  }

  interface Hash {
    update(data: Bytes): this;
    digest(): Uint8Array<ArrayBuffer>;
    digest(encoding: DigestEncoding): string;
  }

  export function createHash(algorithm: 'sha256' | 'sha512'): Hash;
  export function createHmac(algorithm: 'sha256' | 'sha512', key: Bytes): Hash;
  export function hkdfSync(
    digest: 'sha256' | 'sha512',
    secret: Bytes,
    salt: Bytes,
    label: Bytes,
    keyLength: number,
  ): ArrayBuffer;
  export function randomBytes(size: number): Uint8Array<ArrayBuffer>;
  export function timingSafeEqual(left: ArrayBufferView | ArrayBuffer, right: ArrayBufferView | ArrayBuffer): boolean;
  export function scrypt(
    password: Bytes,
    salt: Bytes,
    keyLength: number,
    options: ScryptOptions,
    done: (error: Error | null, key: Uint8Array<ArrayBuffer>) => void,
  ): void;
}
