import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';

/**
 * `node read-worker-settings.ts <file>`: writes what `wrangler.toml` of the working folder says in Miniflare's words. A
 * process of its own, since loading wrangler takes more than a second and only a change of the Worker needs it.
 */
const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml');
const target = process.argv[2];
if (target === undefined) throw new Error('say where to write to');
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, JSON.stringify(workerOptions));
