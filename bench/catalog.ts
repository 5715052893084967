import { DEMO_STORES } from '../db/seed/network.ts';
import type { Bench } from './bench.ts';
import { load } from './load/load.ts';
import { rateFigures, rounded } from './rate-figures.ts';
import { onPrivateSystem } from './system.ts';
import { warmUp } from './warm-up.ts';

/** Reads of one store's catalog with live stock, next to hello in the same run. */
export const catalogBench: Bench = {
  name: 'catalog',
  what: 'a page of a store’s catalog with live stock, against hello in the same run',
  run: (settings, say) =>
    onPrivateSystem(say, async ({ url }) => {
      const [store] = DEMO_STORES;
      const hello = `${url}/api/v1/hello`;
      const catalog = `${url}/api/v1/stores/${store?.id}/catalog?limit=20`;
      await warmUp([hello, catalog], settings);
      say(`hello for ${settings.seconds} s`);
      const ceiling = await load({ url: hello, ...settings });
      say(`catalog for ${settings.seconds} s`);
      const pages = await load({ url: catalog, ...settings });
      return {
        ...rateFigures('hello_', ceiling),
        ...rateFigures('catalog_', pages),
        catalog_vs_hello: rounded(pages.requestsPerS / ceiling.requestsPerS),
      };
    }),
};
