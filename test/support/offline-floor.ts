import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { StoreRpc } from '../../contracts/rpc/store.ts';
import type { StockLine } from '../../contracts/rpc/store.ts';
import { DEFAULT_MEASURES } from '../../domain/picking/layout.ts';
import {
  asCourierId,
  asHoldId,
  asLotId,
  asOpId,
  asOrderId,
  asSku,
  asStoreId,
  asUserId,
} from '../../domain/shared/ids.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import type { SqlPort, SqlRow } from '../../durable/kit/sql.ts';
import type { HostedSocket } from './object-platform/hosted-socket.ts';
import { onStorePlatform } from './object-platform/store-platform.ts';
import type { StorePlatform } from './object-platform/store-platform.ts';

// A store whose tablets come and go. Its clock is the test's.

const OPENS_AT_MS = 1_800_000_000_000;
export const STORE = asStoreId(`sto_${'1'.padStart(26, '0')}`);
const OPERATOR: Actor = { kind: 'operator', userId: userAt(1) };
export const [ASHA, RAVI] = [userAt(2), userAt(3)];
const COURIER = asCourierId(`cou_${'1'.padStart(26, '0')}`);
/** Of all goods that the store opens with. */
export const LOT = asLotId('LOT-1');
export const HANDOVER_CODE = '123456';

function userAt(n: number): UserId {
  return asUserId(`usr_${String(n).padStart(26, '0')}`);
}
export function orderAt(n: number): OrderId {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
export function pickerActor(userId: UserId): Actor & { kind: 'staff' } {
  return { kind: 'staff', userId, storeId: STORE };
}
export function line(sku: string, quantity: number): StockLine {
  return { sku: asSku(sku), quantity };
}
/** Eight digits that differ by the SKU's first two letters. */
function barcodeOf(sku: string): string {
  return `20${String(sku.charCodeAt(0)).padStart(3, '0')}${String(sku.charCodeAt(1)).padStart(3, '0')}`;
}

export type Told = Readonly<Record<string, unknown>>;
/** What a tablet does; `record` makes a frame of it. */
export type FloorAct = { readonly do: string; readonly taskId: string } & Told;
export type Frame = Told & { readonly id: string };

export function scan(taskId: string, sku: string, quantity = 1): FloorAct {
  return { do: 'scan', taskId, barcode: barcodeOf(sku), quantity };
}

/** What a tablet keeps: each act becomes a frame, with a number of its own. */
export class Recorder {
  readonly device: string;
  readonly frames: Frame[] = [];
  constructor(device: string) {
    this.device = device;
  }
  record(act: FloorAct, nowMs: number): Frame {
    const seq = this.frames.length + 1;
    const at = new Date(nowMs).toISOString();
    const frame = { t: 'command', v: 3, id: `${this.device}-${seq}`, ...act, device: { id: this.device, seq, at } };
    this.frames.push(frame);
    return frame;
  }
}

export class OfflineFloor {
  readonly platform: StorePlatform;
  #ops = 0;
  constructor(platform: StorePlatform) {
    this.platform = platform;
  }

  get rpc(): StoreRpc {
    return this.platform.rpc(STORE);
  }
  get sql(): SqlPort {
    return this.platform.store(STORE).sql;
  }
  get nowMs(): number {
    return this.platform.nowMs;
  }

  by(actor: Actor = OPERATOR) {
    this.#ops += 1;
    return { v: RPC_VERSION, actor, opId: asOpId(`op-${String(this.#ops).padStart(8, '0')}`) };
  }

  async open(units: Readonly<Record<string, number>>): Promise<void> {
    const cards = Object.keys(units).map((sku, i) => ({
      sku: asSku(sku),
      name: sku,
      bin: `A01-1-${i + 1}`,
      barcodes: [barcodeOf(sku)],
      // Near enough to stand in for one another.
      categoryPath: ['Larder'],
      priceMinor: 1000,
      size: '1 kg',
      allergens: [],
    }));
    must(await this.rpc.publishCatalog({ ...this.by(), storeName: 'Indiranagar', catalogVersion: 1, cards }));
    const lines = Object.entries(units).map(([sku, quantity]) => ({ ...line(sku, quantity), lotId: LOT }));
    must(await this.rpc.receive({ ...this.by(), receiptId: 'GRN-OPENING', lines }));
  }

  /** From now on claims get their walk. */
  async describe(aisles: readonly string[], racks: number): Promise<void> {
    must(await this.rpc.execute({ ...this.by(), do: 'SetLayout', layout: { ...DEFAULT_MEASURES, aisles, racks } }));
  }

  /** A confirmed order on the floor, for which a courier is on the way. */
  async place(n: number, lines: readonly StockLine[]): Promise<OrderId> {
    const orderId = orderAt(n);
    const holdId = asHoldId(`hld_${String(n).padStart(26, '0')}`);
    const actor: Actor = { kind: 'object', object: 'order', id: orderId };
    must(await this.rpc.hold({ ...this.by(actor), holdId, kind: 'order', orderId, lines }));
    const terms = { orderNumber: `K-${n}`, promisedAtMs: this.nowMs + 900_000 };
    must(await this.rpc.commit({ ...this.by(actor), holdId, orderId, ...terms }));
    const courier = { orderId, courierId: COURIER, handoverCode: HANDOVER_CODE };
    must(await this.rpc.announceCourier({ ...this.by(actor), ...courier }));
    await this.platform.settle();
    return orderId;
  }

  async cancel(orderId: OrderId): Promise<void> {
    must(await this.rpc.cancelPick({ ...this.by(), orderId, reason: 'customer' }));
  }

  connect(userId: UserId): Promise<HostedSocket> {
    return this.platform.openTablet(STORE, pickerActor(userId));
  }

  /** Says a frame and takes the answer to it. */
  async say(socket: HostedSocket, frame: Frame): Promise<Told> {
    await this.platform.sayOn(socket, STORE, JSON.stringify(frame));
    const answer = socket
      .read()
      .map((sent) => sent as Told)
      .find((sent) => sent['t'] === 'answer' && sent['id'] === frame.id);
    if (answer === undefined) throw new Error(`no answer to ${JSON.stringify(frame)}`);
    return answer;
  }

  rows<Row extends SqlRow>(query: string, ...bindings: (string | number)[]): Row[] {
    return this.sql.all<Row>(query, ...bindings);
  }
}

export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { code: string } },
): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

export function onOfflineFloor<T>(
  units: Readonly<Record<string, number>>,
  body: (floor: OfflineFloor) => Promise<T>,
): Promise<T> {
  return onStorePlatform(OPENS_AT_MS, async (platform) => {
    const floor = new OfflineFloor(platform);
    await floor.open(units);
    return body(floor);
  });
}
