import { createHash } from 'node:crypto';
import { ErrorReply, type RedisClientType } from '@redis/client';

/** A Lua script that the server keeps and is called by its digest. */
export class RedisScript {
  readonly #redis: RedisClientType;
  readonly #source: string;
  readonly #sha1: string;

  constructor(redis: RedisClientType, source: string) {
    this.#redis = redis;
    this.#source = source;
    this.#sha1 = createHash('sha1').update(source).digest('hex');
  }

  async run(keys: string[], args: string[]): Promise<unknown> {
    const options = { keys, arguments: args };
    try {
      return await this.#redis.evalSha(this.#sha1, options);
    } catch (cause) {
      if (!(cause instanceof ErrorReply) || !cause.message.startsWith('NOSCRIPT')) throw cause;
      return this.#redis.eval(this.#source, options);
    }
  }
}
