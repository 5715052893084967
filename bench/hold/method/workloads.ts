export type WorkloadName =
  | 'hot'
  | 'zipf'
  | 'basket8'
  | 'flash'
  | 'reads'
  | 'churn'
  | 'availability'
  | 'hello'
  | 'hello_open';

export interface Workload {
  readonly name: WorkloadName;
  readonly what: string;
  /** Units that one hold takes. */
  readonly unitsAHold: number;
  /** Which contenders serve it. */
  readonly servedBy: (contender: string) => boolean;
}

export const FLASH_UNITS = 1_000;
export const FLASH_ATTEMPTS = 20_000;

function isHello(contender: string): boolean {
  return contender === 'hello';
}

/** What publishing costs shows at one hot SKU; elsewhere it would only take time. */
function hasStock(contender: string): boolean {
  return !isHello(contender) && contender !== 'kirana_publishing';
}

/** The short script knows neither baskets nor holds that can be given back. */
function keepsHolds(contender: string): boolean {
  return hasStock(contender) && !contender.startsWith('redis_script');
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'hot',
    what: 'one SKU that everybody wants, a unit a hold',
    unitsAHold: 1,
    servedBy: (contender) => !isHello(contender),
  },
  {
    name: 'zipf',
    what: 'one of 3,732 SKUs by Zipf 1.1, a unit a hold',
    unitsAHold: 1,
    servedBy: hasStock,
  },
  { name: 'basket8', what: 'eight different SKUs by the same Zipf', unitsAHold: 8, servedBy: keepsHolds },
  {
    name: 'flash',
    what: `${FLASH_UNITS} units, ${FLASH_ATTEMPTS} attempts: answers a second`,
    unitsAHold: 1,
    servedBy: hasStock,
  },
  {
    name: 'reads',
    what: 'nine questions for availability to one hold',
    unitsAHold: 1,
    servedBy: hasStock,
  },
  { name: 'churn', what: 'holds, each released again', unitsAHold: 1, servedBy: keepsHolds },
  {
    name: 'availability',
    what: 'availability of ten SKUs',
    unitsAHold: 0,
    servedBy: hasStock,
  },
  { name: 'hello', what: 'a constant for a verified channel', unitsAHold: 0, servedBy: isHello },
  { name: 'hello_open', what: 'a constant for anyone, as availability is', unitsAHold: 0, servedBy: isHello },
];
