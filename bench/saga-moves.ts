/** One line of an order's log, as far as the clock is concerned. */
export interface WrittenFact {
  readonly atMs: number;
  readonly event: { readonly type: string };
}

/** Nothing waits for the provider after one of these. */
const DECIDED: readonly string[] = ['payment.authorized', 'payment.declined', 'payment.in_doubt', 'order.cancelled'];

/** Whether the order was waiting for its provider at that moment. */
export function wasOpen(log: readonly WrittenFact[], atMs: number): boolean {
  const before = log.filter((fact) => fact.atMs <= atMs);
  return before.length > 0 && !before.some(({ event }) => DECIDED.includes(event.type));
}

/** When the order first did anything from that moment on; null while it has not. */
export function firstMoveAtMs(log: readonly WrittenFact[], fromMs: number): number | null {
  return log.find(({ atMs }) => atMs >= fromMs)?.atMs ?? null;
}
