import { readOwnJson } from '../../../contracts/own-json.ts';
import { ApiKeys } from '../../../edge/auth/api-key.ts';
import type { Shelf } from '../shop/shelf.ts';
import { createShop, type Shop } from '../shop/shop.ts';
import type { NaiveStock } from './naive-stock.ts';

export { NaiveStock } from './naive-stock.ts';

interface Env {
  readonly STOCK: DurableObjectNamespace<NaiveStock>;
  /** JSON, as Kirana's Worker has it. */
  readonly CHANNEL_KEYS: string;
}

let shop: Shop | undefined;

export default createShop<Env>((env) => (shop ??= openShop(env)));

function openShop({ STOCK, CHANNEL_KEYS }: Env): Shop {
  const channelKeys = readOwnJson<{ id: string; sha256: string }[]>(CHANNEL_KEYS);
  const shelf: Shelf = {
    hold: (wanted) => STOCK.getByName(wanted.storeId).hold(wanted),
    release: (storeId, holdId) => STOCK.getByName(storeId).release(holdId),
    find: (storeId, holdId) => STOCK.getByName(storeId).find(holdId),
    available: (storeId, skus) => STOCK.getByName(storeId).available(skus),
    receive: (storeId, lines) => STOCK.getByName(storeId).receive(lines),
    audit: (storeId, deep) => STOCK.getByName(storeId).audit(deep),
    // The object's own alarm does it.
    expireDue: () => Promise.resolve(),
  };
  return { keys: new ApiKeys({ operatorKeys: [], channelKeys }), shelf };
}
