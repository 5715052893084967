import type { StockLine } from '../../../contracts/rpc/store.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { drawSome, drawWhole } from '../../../scripts/shared/seeded-random.ts';
import { atOnce, CrowdRecord, runErrand } from '../crowd.ts';
import type { Errand } from '../crowd.ts';
import type { HoldPort } from '../hold-port.ts';
import { OPERATIONS_MAX } from '../linearizability.ts';

/** A crowd that comes at the same time; afterwards everything is given back. */
export interface Round {
  readonly name: string;
  readonly stock: readonly StockLine[];
  /** Of each client, one after the other. */
  readonly clients: readonly (readonly Errand[])[];
  /** How many must be granted: min(stock, asked). Absent where it depends on who comes first. */
  readonly grants?: number;
  /** Whether each answer is to be explained: baskets of one line, and few. */
  readonly explained: boolean;
}

export interface RoundResult {
  readonly requests: number;
  readonly broken: readonly string[];
}

/** `ids` names the baskets; `ports` are drawn from in turn, one for each client. */
export async function playRound(
  ports: readonly HoldPort[],
  { name, stock, clients, grants, explained }: Round,
  nextId: () => number,
): Promise<RoundResult> {
  const record = new CrowdRecord(stock, () => performance.now());
  const kept: { readonly port: HoldPort; readonly id: number }[] = [];
  let granted = 0;
  let requests = 0;
  async function come(port: HoldPort, errands: readonly Errand[]): Promise<void> {
    for (const errand of errands) {
      const id = nextId();
      requests += 1 + errand.again + (errand.givesBack ? 1 : 0);
      // oxlint-disable-next-line no-await-in-loop -- a client does one thing after the other
      const outcome = await runErrand(port, record, { id, errand, ask: atOnce });
      if (typeof outcome === 'string') continue;
      granted += 1;
      if (!errand.givesBack) kept.push({ port, id });
    }
  }
  await Promise.all(clients.map((errands, i) => come(portOf(ports, i), errands)));
  await Promise.all(kept.map(({ port, id }) => port.release(id)));
  const broken = [...record.broken, ...(explained ? record.unexplained() : [])];
  if (grants !== undefined && granted !== grants) broken.push(`${granted} were granted and not ${grants}`);
  return {
    requests,
    broken: broken.map((what) => [`${name}:`, ...record.lines.map((line) => `  ${line}`), `  then ${what}`].join('\n')),
  };
}

function portOf(ports: readonly HoldPort[], client: number): HoldPort {
  const port = ports[client % ports.length];
  if (port === undefined) throw new Error('nobody to ask for a hold');
  return port;
}

const ONE_SHOT = { givesBack: false, again: 0 };

/** Everybody wants one unit of one SKU, some of them twice at once. */
export function oneUnitEach({ sku, quantity }: StockLine, clients: number): Round {
  const lines = [{ sku, quantity: 1 }];
  return {
    name: `${clients} clients on ${quantity} of ${sku}`,
    stock: [{ sku, quantity }],
    clients: Array.from({ length: clients }, (_, i) => [{ ...ONE_SHOT, lines, again: i % 4 === 0 ? 1 : 0 }]),
    grants: Math.min(quantity, clients),
    explained: false,
  };
}

/** {x, y} against {y, x}: nobody waits for anybody, and nobody has half of it. */
export function crossing(x: StockLine, y: StockLine, clients: number): Round {
  const [there, back] = [[x.sku, y.sku] as const, [y.sku, x.sku] as const];
  return {
    name: `${clients} baskets of ${x.sku} and ${y.sku}, from both ends`,
    stock: [x, y],
    clients: Array.from({ length: clients }, (_, i) => [{ ...ONE_SHOT, lines: oneOf(i % 2 === 0 ? there : back) }]),
    grants: Math.min(x.quantity, y.quantity, clients),
    explained: false,
  };
}

function oneOf(skus: readonly Sku[]): readonly StockLine[] {
  return skus.map((sku) => ({ sku, quantity: 1 }));
}

/** A history small enough to look for an order of it by brute force. */
export function smallHistory(random: () => number, { sku, quantity }: StockLine): Round {
  const clients: Errand[][] = [];
  let operations = 0;
  while (operations < OPERATIONS_MAX - 1) {
    const units = drawWhole(random, 1, quantity);
    const errand = { lines: [{ sku, quantity: units }], givesBack: random() < 0.6, again: random() < 0.2 ? 1 : 0 };
    operations += errand.givesBack ? 2 : 1;
    if (clients.length < 6) clients.push([errand]);
    else clients[drawWhole(random, 0, clients.length - 1)]?.push(errand);
  }
  return { name: `small history on ${quantity} of ${sku}`, stock: [{ sku, quantity }], clients, explained: true };
}

/** Baskets of many lines over the whole assortment, held and given back. */
export function mixed(random: () => number, stock: readonly StockLine[], clients: number): Round {
  function errand(): Errand {
    const lines = drawSome(random, stock, drawWhole(random, 1, 8)).map(({ sku }) => ({
      sku,
      quantity: drawWhole(random, 1, 3),
    }));
    return { lines, givesBack: random() < 0.7, again: random() < 0.1 ? 1 : 0 };
  }
  return {
    name: `${clients} clients with baskets over ${stock.length} SKUs`,
    stock,
    clients: Array.from({ length: clients }, () => [errand(), errand(), errand()]),
    explained: false,
  };
}
