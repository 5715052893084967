const DAY_MS = 24 * 60 * 60 * 1000;

/** The end of a day, `2026-12-31`, by the calendar of UTC; `undefined` for a day that there is not. */
export function endOfDayMs(day: string): number | undefined {
  const startMs = Date.parse(`${day}T00:00:00.000Z`);
  if (Number.isNaN(startMs) || dayOf(startMs) !== day) return undefined;
  return startMs + DAY_MS;
}

/** The day that ends then. */
export function dayEndingAt(endMs: number): string {
  return dayOf(endMs - 1);
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
