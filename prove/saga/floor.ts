import type { Actor } from '../../contracts/actor.ts';
import { writeUpgrade } from '../../contracts/ws/upgrade.ts';
import type { OrderId, Sku, StoreId } from '../../domain/shared/ids.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import type { HostedSocket } from '../../test/support/object-platform/hosted-socket.ts';
import { barcodeOf, body } from '../world/shelves.ts';
import { methodOf } from '../world/world.ts';
import type { Hosted, World } from '../world/world.ts';

const LOOKS_EVERY_MS = 3000;

interface FloorHabits {
  /** Sends every order back. */
  readonly rejects: boolean;
  /** A SKU of which one unit is not there. */
  readonly lacks: Sku | null;
}
// Types, not interfaces: only they are rows of the port.
type Task = { readonly status: string };
type Line = { readonly sku: Sku; readonly quantity: number; readonly picked: number; readonly shorted: number };

/** The picker of one store with a tablet: looks at the order's task every other second and does what comes next. */
export class Floor {
  readonly #world: World;
  readonly #storeId: StoreId;
  readonly #orderId: OrderId;
  readonly #habits: FloorHabits;
  readonly #host: Hosted;
  #tablet: HostedSocket | null = null;
  #words = 0;
  /** What the courier at the counter shows. */
  code: string | null = null;

  constructor(world: World, storeId: StoreId, orderId: OrderId, habits: FloorHabits) {
    this.#world = world;
    this.#storeId = storeId;
    this.#orderId = orderId;
    this.#habits = habits;
    this.#host = world.host({ kind: 'store', id: storeId });
  }

  /** Begins to look, and never ends. */
  open(): void {
    this.#world.clock.at(this.#world.nowMs + LOOKS_EVERY_MS, () => {
      void this.#look()
        .catch(() => undefined)
        .finally(() => {
          this.open();
        });
    });
  }

  async #look(): Promise<void> {
    const [task] = this.#host.sql.all<Task>('SELECT status FROM pick_tasks WHERE order_id = ?', this.#orderId);
    const said = task === undefined ? null : this.#next(task.status);
    if (said !== null) await this.#say(said);
  }

  #next(status: string): object | null {
    switch (status) {
      case 'QUEUED':
        return this.#habits.rejects ? { do: 'reject', reason: 'TOO_BUSY' } : { do: 'accept' };
      case 'ACCEPTED':
        return { do: 'claim' };
      case 'PICKING':
        return this.#pick();
      case 'PACKED':
        return this.code === null ? null : { do: 'handover', code: this.code, seals: [] };
      case 'RESTOCK':
        return this.#restock();
      default:
        return null;
    }
  }

  #pick(): object {
    const open = this.#lines().find(({ quantity, picked, shorted }) => picked + shorted < quantity);
    if (open === undefined) return { do: 'pack', bags: 1 };
    const { sku, quantity, picked, shorted } = open;
    const isLacking = sku === this.#habits.lacks && shorted === 0;
    if (isLacking) return { do: 'short', sku, quantity: 1, reason: 'NOT_FOUND' };
    return { do: 'scan', barcode: barcodeOf(sku), quantity: quantity - picked - shorted };
  }

  #restock(): object | null {
    const [back] = this.#host.sql.all<{ sku: Sku; units: number }>(
      'SELECT sku, picked - restocked AS units FROM pick_lines WHERE order_id = ? AND picked > restocked ORDER BY sku',
      this.#orderId,
    );
    return back === undefined ? null : { do: 'restock', barcode: barcodeOf(back.sku), quantity: back.units };
  }

  #lines(): readonly Line[] {
    return this.#host.sql.all<Line>(
      'SELECT sku, quantity, picked, shorted FROM pick_lines WHERE order_id = ? ORDER BY sku',
      this.#orderId,
    );
  }

  async #say(said: object): Promise<void> {
    this.#tablet ??= await this.#openTablet();
    const tablet = this.#tablet;
    this.#words += 1;
    const frame = { t: 'command', id: `floor:${this.#storeId}:${this.#words}`, taskId: this.#orderId, ...said };
    await this.#host.call((store) => {
      Reflect.apply(methodOf(store, 'webSocketMessage'), store, [tablet, JSON.stringify(frame)]);
    });
    tablet.read();
  }

  async #openTablet(): Promise<HostedSocket> {
    const actor: Actor = { kind: 'staff', userId: asUserId(`usr_${body(9)}`), storeId: this.#storeId };
    const headers = new Headers({ upgrade: 'websocket' });
    writeUpgrade(headers, { actor, ticketId: 'ticket-1', ticketExpiresAtMs: this.#world.nowMs + 30_000, after: null });
    const response = await this.#host.call((store) => Reflect.apply(methodOf(store, 'fetch'), store, [{ headers }]));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an upgrade is answered with
    const { webSocket } = response as { readonly webSocket?: HostedSocket };
    if (webSocket === undefined) throw new Error('the store refused the tablet');
    return webSocket;
  }
}
