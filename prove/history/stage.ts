import { RPC_VERSION } from '../../contracts/actor.ts';
import type { StoreRpc } from '../../contracts/rpc/store.ts';
import type { SqlPort, SqlRow } from '../../durable/kit/sql.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { HostedSocket } from '../../test/support/object-platform/hosted-socket.ts';
import { onStorePlatform } from '../../test/support/object-platform/store-platform.ts';
import type { StorePlatform } from '../../test/support/object-platform/store-platform.ts';
import { barcodeOf, OPENING_UNITS, OPENS_AT_MS, OPERATOR, pickerActor, SKUS, STORES, transferAt } from './cast.ts';
import type { StoreIndex } from './cast.ts';
import { HeardLog } from './heard-log.ts';
import type { Scene, TaskLine } from './scene.ts';

/** Two real stores with their shelves filled, the first with a tablet for each picker. */
export class Stage implements Scene {
  readonly platform: StorePlatform;
  /** What a consumer of the log has made of it. */
  readonly heard = new HeardLog();
  #tablets: readonly HostedSocket[] = [];

  constructor(platform: StorePlatform) {
    this.platform = platform;
  }

  async open(): Promise<void> {
    for (const storeId of STORES) {
      const store = this.platform.rpc(storeId);
      const command = { v: RPC_VERSION, actor: OPERATOR, opId: asOpId(`opening:${storeId}`) };
      const cards = SKUS.map((sku, i) => ({ sku, name: sku, bin: `A01-1-${i + 1}`, barcodes: [barcodeOf(sku)] }));
      // oxlint-disable-next-line no-await-in-loop -- a store opens with its catalog
      await store.publishCatalog({ ...command, storeName: storeId, catalogVersion: 1, cards });
      const lines = SKUS.map((sku) => ({ sku, quantity: OPENING_UNITS }));
      const opId = asOpId(`opening-goods:${storeId}`);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await store.receive({ ...command, opId, receiptId: 'GRN-OPENING', lines });
    }
    this.#tablets = [
      await this.platform.openTablet(STORES[0], pickerActor(0)),
      await this.platform.openTablet(STORES[0], pickerActor(1)),
    ];
    await this.platform.settle();
  }

  nowMs(): number {
    return this.platform.nowMs;
  }
  store(index: StoreIndex): StoreRpc {
    return this.platform.rpc(STORES[index]);
  }
  sql(index: StoreIndex): SqlPort {
    return this.platform.store(STORES[index]).sql;
  }

  /** Everything that was written is sent, and marked so: an audit has it sent, and the next one marks it. */
  async comeToRest(): Promise<void> {
    for (const index of [0, 1, 0, 1] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await this.store(index).audit(OPERATOR);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await this.platform.settle();
    }
  }

  /**
   * Everything in the store's memory goes. An object is evicted when it has been at rest for ten seconds, and its alarm has marked what
   * was sent by then; one that is cut down before sends it again, which is the matter of the proof of crashes.
   */
  async evict(index: StoreIndex): Promise<void> {
    await this.comeToRest();
    await this.platform.store(STORES[index]).evict();
  }

  rows<Row extends SqlRow>(index: StoreIndex, query: string, ...bindings: (string | number)[]): Row[] {
    return this.sql(index).all<Row>(query, ...bindings);
  }

  /** Sends one frame on a picker's tablet and takes the answer to it. */
  async tell(picker: 0 | 1, frame: { readonly id: string }): Promise<unknown> {
    const tablet = this.#tablets[picker];
    if (tablet === undefined) throw new Error('the stage is not open');
    await this.platform.sayOn(tablet, STORES[0], JSON.stringify(frame));
    const answer = tablet.read().find((sent) => isAnswerTo(sent, frame.id));
    if (answer === undefined) throw new Error(`the tablet got no answer to ${JSON.stringify(frame)}`);
    return answer;
  }

  /** What became of a hold, an order's task or a count; undefined when the first store has none of that name. */
  statusOf(kind: keyof typeof STATUS_OF, id: string | number): string | undefined {
    return this.sql(0).all<{ status: string }>(STATUS_OF[kind], id)[0]?.status;
  }

  /** What one of the stores has written down of a transfer. */
  transferStatus(
    direction: 'in' | 'out',
    store: StoreIndex,
    { transfer, from }: { readonly transfer: number; readonly from: StoreIndex },
  ): string | undefined {
    const query =
      direction === 'in'
        ? 'SELECT status FROM transfers_in WHERE transfer_id = ? AND from_store_id = ?'
        : 'SELECT status FROM transfers_out WHERE transfer_id = ? AND to_store_id <> ?';
    return this.sql(store).all<{ status: string }>(query, transferAt(transfer), STORES[from])[0]?.status;
  }

  taskLines(orderId: OrderId): TaskLine[] {
    return this.sql(0).all<TaskLine>(
      'SELECT sku, quantity, picked, shorted, restocked FROM pick_lines WHERE order_id = ? ORDER BY sku',
      orderId,
    );
  }
}

const STATUS_OF = {
  hold: 'SELECT status FROM holds WHERE hold_id = ?',
  task: 'SELECT status FROM pick_tasks WHERE order_id = ?',
  count: 'SELECT status FROM count_tasks WHERE count_id = ?',
};

function isAnswerTo(sent: unknown, id: string): boolean {
  return (
    typeof sent === 'object' && sent !== null && 't' in sent && sent.t === 'answer' && 'id' in sent && sent.id === id
  );
}

/** Opens a stage for the time of `play`. */
export function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  return onStorePlatform(OPENS_AT_MS, async (platform) => {
    const stage = new Stage(platform);
    await stage.open();
    return play(stage);
  });
}
