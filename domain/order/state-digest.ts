import { canonicalJson } from '../shared/canonical.ts';
import type { LogEntry, OrderState } from './order.ts';

const NO_SECRETS = { token: '', deliveryCode: '', handoverCode: '', dropNote: '' } as const;

/** A fact as it may leave the order's object: without codes, the means of payment and the note at the door. */
export function withoutSecrets(entry: LogEntry): LogEntry {
  const { event } = entry;
  if (event.type === 'order.placed') return { ...entry, event: { ...event, ...NO_SECRETS } };
  return event.type === 'courier.unassigned' ? { ...entry, event: { ...event, handoverCode: '' } } : entry;
}

/**
 * The text whose SHA-256 names a state. What is secret is not in it, so that a log without secrets gives the same one; nor is a
 * field that says nothing (null, 0, false, empty), so that a later version that adds one gives the same one for an old log.
 */
export function digestText(state: OrderState): string {
  return canonicalJson(telling({ ...state, handoverCode: '', terms: { ...state.terms, ...NO_SECRETS } }));
}

function telling(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => telling(item) ?? null);
  if (typeof value !== 'object' || value === null) return isSilent(value) ? undefined : value;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const told = telling(field);
    return told === undefined ? [] : [[key, told] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function isSilent(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === 0 || value === '';
}
