import { DurableObject } from 'cloudflare:workers';

// The objects under test, as the Worker exports them, without the API in front.
export { SessionObject } from '../../../durable/session/session-object.ts';
export { StoreObject } from '../../../durable/store/store-object.ts';

/** Stands in for an object that the tests of its neighbours only send messages to: it takes note and agrees. */
class Agreeing extends DurableObject {
  override async fetch(): Promise<Response> {
    return new Response(null, { status: 404 });
  }
}
export class OrderObject extends Agreeing {
  async reportPick(): Promise<{ ok: true; value: null }> {
    return { ok: true, value: null };
  }
}
export class CourierObject extends Agreeing {}
export class ZoneObject extends Agreeing {}
export class SandboxPsp extends Agreeing {}

// oxlint-disable-next-line import/no-default-export -- the runtime wants a Worker's handlers as its default export
export default {
  fetch(): Response {
    return new Response(null, { status: 404 });
  },
};
