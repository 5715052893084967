import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  convertV4MiniflareOptions,
  type Log,
  type MiniflareOptions,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from 'miniflare';
import * as v from 'valibot';
import { readOwnJson } from '../../contracts/own-json.ts';
import { bundleIn } from './worker-bundle.ts';

/** The one message that the worker's host gets from the supervisor. */
export const WorkerHostInput = v.object({
  bundleFolder: v.string(),
  /** Pages and their files. */
  pagesFolder: v.string(),
  stateFolder: v.string(),
  scratchFolder: v.string(),
  host: v.string(),
  port: v.number(),
  /** Variables and secrets of the Worker by their binding's name. */
  vars: v.record(v.string(), v.string()),
  /** The same of the Worker around Stripe's SDK. */
  stripeVars: v.record(v.string(), v.string()),
});
export type WorkerHostInput = v.InferOutput<typeof WorkerHostInput>;

const WORKER = 'kirana';
const PAGES = 'kirana-pages';
/** As `wrangler.toml` binds it. */
const STRIPE = 'kirana-stripe';

/** What `wrangler.toml` says, in Miniflare's words. */
type Settings = V4WorkerOptionsShape & { readonly modulesRules?: unknown };

/**
 * Miniflare around the bundled Worker, with the Worker on a socket of workerd's own: Miniflare's entry socket costs three
 * quarters of the rate. For the same reason the pages are a second Worker bound as ASSETS; assets on the Worker itself
 * would put their router before every API request.
 */
export function miniflareOptions(input: WorkerHostInput, log: Log, onRevived: () => void): MiniflareOptions {
  const bundle = bundleIn(input.bundleFolder);
  const {
    modulesRules: _rules,
    assets: _assets,
    ...settings
  } = readOwnJson<Settings>(readFileSync(bundle.settings, 'utf8'));
  return convertV4MiniflareOptions({
    // The entry socket is not used; it takes any free port.
    host: '127.0.0.1',
    port: 0,
    cf: false,
    logRequests: false,
    log,
    unsafeHandleRuntimeRestart: onRevived,
    handleStructuredLogs: ({ level, message }) => {
      // The Worker's own events are JSON already.
      console.log(message.startsWith('{') ? message : JSON.stringify({ level, message }));
    },
    // Shared keys that Miniflare does not know are ignored without a word, and a misspelt one here would lose all state.
    resourcePersistencePath: input.stateFolder,
    resourceTmpPath: input.scratchFolder,
    workers: [
      {
        ...settings,
        name: WORKER,
        modules: [{ type: 'ESModule', path: bundle.main }],
        modulesRoot: bundle.folder,
        bindings: { ...settings.bindings, ...input.vars },
        serviceBindings: { ...settings.serviceBindings, ASSETS: PAGES },
        unsafeDirectSockets: [{ host: input.host, port: input.port }],
      },
      pagesWorker(input.pagesFolder, settings.compatibilityDate ?? ''),
      {
        name: STRIPE,
        compatibilityDate: settings.compatibilityDate ?? '',
        compatibilityFlags: [...(settings.compatibilityFlags ?? [])],
        modules: [{ type: 'ESModule', path: bundle.stripe }],
        modulesRoot: dirname(bundle.stripe),
        bindings: input.stripeVars,
      },
    ],
  });
}

function pagesWorker(directory: string, compatibilityDate: string): V4WorkerOptions {
  const source = 'export default { fetch: (request, env) => env.FILES.fetch(request) };';
  return { name: PAGES, compatibilityDate, modules: true, script: source, assets: { directory, binding: 'FILES' } };
}
