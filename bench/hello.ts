import type { Bench } from './bench.ts';
import { load } from './load/load.ts';
import { rateFigures } from './rate-figures.ts';
import { onPrivateSystem } from './system.ts';
import { warmUp } from './warm-up.ts';

/** The ceiling of everything else: a request that meets no object and no database. */
export const helloBench: Bench = {
  name: 'hello',
  what: 'a constant answer of the Worker: the ceiling',
  run: (settings, say) =>
    onPrivateSystem(say, async ({ url }) => {
      const hello = `${url}/api/v1/hello`;
      await warmUp([hello], settings);
      say(`hello for ${settings.seconds} s`);
      return rateFigures('', await load({ url: hello, ...settings }));
    }),
};
