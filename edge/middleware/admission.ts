import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../endpoint.ts';
import { allowOrigin } from './cors.ts';
import { limit } from './limits.ts';
import { nameRequest } from './request-id.ts';

/** What every request goes through before its route. In one step: each middleware of its own is two more promises. */
export const admission: MiddlewareHandler<AppEnv> = (c, next) => {
  nameRequest(c);
  const preflight = allowOrigin(c);
  return preflight === undefined ? limit(c, next) : Promise.resolve(preflight);
};
