import { storeStub } from '../durable/stubs.ts';
import type { HoldCaller, Timer } from './hold-coalescer.ts';
import type { Reader } from './storefront.ts';

/** What the coalescer may use of this request: calls in its name, and timers of its own. */
export function holdCaller({ env, executionCtx }: Reader): HoldCaller {
  return {
    holdMany: (storeId, commands) => storeStub(env, storeId).holdMany(commands),
    hold: (storeId, command) => storeStub(env, storeId).hold(command),
    waitUntil: (work) => {
      executionCtx.waitUntil(work);
    },
    timer,
    nowMs: () => Date.now(),
  };
}

function timer(ms: number): Timer {
  const { promise: rung, resolve } = Promise.withResolvers<void>();
  const id = setTimeout(resolve, ms);
  return {
    rung,
    cancel: () => {
      clearTimeout(id);
    },
  };
}
