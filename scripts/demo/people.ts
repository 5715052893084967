import { DEMO_LOGINS, type DemoLogin } from '../../db/seed/demo-logins.ts';
import { DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Credentials } from '../client/session.ts';
import { drawWhole } from '../shared/seeded-random.ts';

/** Somebody with a part in the demo. */
export interface Person {
  /** As the timeline calls them. */
  readonly name: string;
  readonly credentials: Credentials;
  /** Has to register first, unless an earlier run did. */
  readonly isNew: boolean;
}

/** The store that is asked for, or one that chance chooses. The error is one sentence for a person. */
export function chooseStore(wanted: string | undefined, random: () => number): Result<DemoStore, string> {
  const drawn = DEMO_STORES[drawWhole(random, 0, DEMO_STORES.length - 1)];
  const store = wanted === undefined ? drawn : DEMO_STORES.find(({ id, key }) => id === wanted || key === wanted);
  if (store !== undefined) return ok(store);
  const known = DEMO_STORES.map(({ id, city, name }) => `  ${id}  ${city.name} ${name}`);
  return err(`--store takes a store of the demo, not "${wanted}":\n${known.join('\n')}`);
}

/** The city's seeded customer first, then as many neighbours as it takes. */
export function customersAt(store: DemoStore, count: number): Person[] {
  const inCity = DEMO_LOGINS.filter(
    ({ role, phone }) => role === 'customer' && phone.startsWith(DIALLING[store.city.countryCode] ?? ''),
  );
  const seeded = inCity.slice(0, 1).map((login) => personOf(login, 'customer'));
  return Array.from({ length: count }, (_, index) => seeded[index] ?? neighbour(store, index + 1));
}

export function pickersAt(store: DemoStore): Person[] {
  return DEMO_LOGINS.filter(({ role, storeId }) => role === 'staff' && storeId === store.id).map((login) =>
    personOf(login, 'picker'),
  );
}

export function couriersAt(store: DemoStore): Person[] {
  return DEMO_LOGINS.filter(({ role, zoneId }) => role === 'courier' && zoneId === store.zoneId).map((login) =>
    personOf(login, 'courier'),
  );
}

const DIALLING: { readonly [countryCode: string]: string } = { IN: '+91', PT: '+351' };
/** Everyone's, like the seeded ones: these accounts exist in demonstrations only. */
const NEIGHBOUR_PASSWORD = 'neighbour-demo';

/** The same phone in every run, so that a second one finds the account. Subscriber numbers with a leading 0 are nobody's. */
function neighbour(store: DemoStore, number: number): Person {
  const digits = store.city.countryCode === 'IN' ? 10 : 9;
  const phone = `${DIALLING[store.city.countryCode] ?? '+91'}${String(2_000 + number).padStart(digits, '0')}`;
  return { name: `customer ${number}`, credentials: { phone, password: NEIGHBOUR_PASSWORD }, isNew: true };
}

function personOf({ name, phone, password }: DemoLogin, role: string): Person {
  return { name: `${role} ${name}`, credentials: { phone, password }, isNew: false };
}
