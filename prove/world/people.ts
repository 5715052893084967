/** Who is no object here: zones and couriers. What they are told, they answer at once. */
export interface People {
  hear(kind: 'zone' | 'courier', id: string, method: string, command: object): unknown;
}

/** Nobody comes. */
export const NOBODY: People = { hear: () => ({ ok: true, value: null }) };
