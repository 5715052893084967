/** One operation on one SKU as its client saw it: sent and answered on the client's own clock. */
export interface SeenOperation {
  readonly kind: 'hold' | 'release';
  readonly quantity: number;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** A hold that was refused saw fewer units left than it wanted. A release always succeeds. */
  readonly granted: boolean;
}

/** Brute force doubles with every operation that overlaps others; more than this would not end. */
export const OPERATIONS_MAX = 20;

/**
 * Whether some order of the operations, which keeps an operation that was answered before another was sent before it,
 * explains every answer, with `stock` units at first: a register with bounded decrement. Search over sets of done
 * operations, after Wing & Gong, "Testing and Verifying Concurrent Objects" (1993), with the visited sets remembered
 * (Lowe, 2017): the units left follow from the set, so a set that failed once fails always.
 */
export function isLinearizable(stock: number, operations: readonly SeenOperation[]): boolean {
  if (operations.length > OPERATIONS_MAX)
    throw new Error(`at most ${OPERATIONS_MAX} operations, not ${operations.length}`);
  const all = 2 ** operations.length - 1;
  const failed = new Set<number>();
  function explains(done: number, left: number): boolean {
    if (done === all) return true;
    if (failed.has(done)) return false;
    const horizonMs = earliestAnswer(operations, done);
    for (const [index, operation] of operations.entries()) {
      if ((done & (1 << index)) !== 0 || operation.sentAtMs > horizonMs) continue;
      const after = apply(operation, left);
      if (after !== null && explains(done | (1 << index), after)) return true;
    }
    failed.add(done);
    return false;
  }
  return explains(0, stock);
}

/** The units left after it; `null` when its answer would be a lie at this place. */
function apply({ kind, quantity, granted }: SeenOperation, left: number): number | null {
  if (kind === 'release') return left + quantity;
  if (granted) return quantity <= left ? left - quantity : null;
  return quantity > left ? left : null;
}

/** An operation that was sent after this moment cannot come next: another one was over by then. */
function earliestAnswer(operations: readonly SeenOperation[], done: number): number {
  return operations.reduce(
    (earliest, { answeredAtMs }, index) => ((done & (1 << index)) === 0 ? Math.min(earliest, answeredAtMs) : earliest),
    Number.POSITIVE_INFINITY,
  );
}
