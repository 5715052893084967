import { findTargetHandler } from 'hono/utils/handler';
import type { Caller } from '../contracts/actor.ts';

export type Role = Caller['kind'];

/**
 * Who may call a route. A list of roles: whoever is signed in as one of them, or has its key. `public`: anyone. `ticket` and `signature`:
 * whoever holds a socket ticket or signs as the provider, which the route itself verifies before anything else.
 */
export type Access = 'public' | 'ticket' | 'signature' | readonly Role[];

export const ANY_SIGNED_IN = ['customer', 'staff', 'courier', 'operator'] as const satisfies readonly Role[];

type Handler = (...args: never[]) => unknown;
const policies = new WeakMap<object, Access>();

/** Declares that this handler decides who may call its route. */
export function declarePolicy(handler: Handler, access: Access): void {
  policies.set(handler, access);
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: Handler;
}
export interface RoutePolicy {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
}

/**
 * The one table of who may call what. Throws for a route whose first handler declares no policy, so that a forgotten one
 * stops the start instead of standing open. Middleware (`ALL`) has none: it lets nobody in.
 */
export function policyTable(routes: readonly Route[]): RoutePolicy[] {
  const table = new Map<string, RoutePolicy>();
  for (const { method, path, handler } of routes) {
    if (method === 'ALL') continue;
    const route = `${method} ${path}`;
    const access = policies.get(findTargetHandler(handler));
    if (table.has(route)) {
      if (access !== undefined) throw new Error(`${route} declares two policies`);
      continue;
    }
    if (access === undefined) throw new Error(`${route} declares no policy: begin it with endpoint()`);
    table.set(route, { method, path, access });
  }
  return [...table.values()];
}
