import type * as worker from '../../../edge/worker.ts';

declare global {
  namespace Cloudflare {
    /** Types `exports` of `cloudflare:workers`: the Worker under test is the one that is deployed. */
    interface GlobalProps {
      readonly mainModule: typeof worker;
    }
  }
}
