import { load } from './load/load.ts';

const WARM_UP_S = 2;

/** Compiles what will be measured: a fresh isolate's first thousands of requests are several times slower. */
export async function warmUp(
  urls: readonly string[],
  { connections }: { readonly connections: number },
): Promise<void> {
  for (const url of urls) await load({ url, seconds: WARM_UP_S, connections });
}
