import {
  asCourierId,
  asUserId,
  type CourierId,
  type StoreId,
  type UserId,
  type ZoneId,
} from '../../domain/shared/ids.ts';
import type { VehicleType } from '../schema/couriers.ts';
import type { UserRole } from '../schema/users.ts';
import { demoId, pick, pickFrom } from './deterministic.ts';
import { DEMO_STORES } from './network.ts';

/** Known to everyone: these accounts exist in demonstrations only. */
export const DEMO_PASSWORDS = {
  CUSTOMER: 'customer-demo',
  STAFF: 'staff-demo',
  COURIER: 'courier-demo',
  OPERATOR: 'operator-demo',
} as const satisfies Record<UserRole, string>;

/** Their hashes, made once: thirty of them afresh would cost seconds at every first start. A test verifies each. */
export const DEMO_PASSWORD_HASHES = {
  CUSTOMER: 'scrypt$15$8$1$lOCE9pnGKoJootuHnxX3Ww==$O2fo/ev93QZjElbQqWzhsKYqvPRWpKItWx35sttMIik=',
  STAFF: 'scrypt$15$8$1$IxDBKY2q68yCk/pq/4nieQ==$tQvEn0OrgEmBxy8twyjl4wv8qheWdYOW2KlDmpC8W7E=',
  COURIER: 'scrypt$15$8$1$3h8c4/fI4F6kywIrdw7ebA==$BnV8JxM+R9UA2NbIErLI1b8WvSpMlICZax0Goqc4c1Y=',
  OPERATOR: 'scrypt$15$8$1$3knqqQ3+Qa5DJfxWAoYKfA==$SXmXgh6j52l+Izt5KdAeqCY6fj4ASNuJPc5rM8tW1o8=',
} as const satisfies Record<UserRole, string>;

export interface DemoCourier {
  readonly id: CourierId;
  readonly zoneId: ZoneId;
  readonly name: string;
  readonly phone: string;
  readonly vehicleType: VehicleType;
  readonly vehicleNumber: string | null;
  readonly rating: number;
}

export interface DemoUser {
  readonly id: UserId;
  readonly role: UserRole;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly storeId: StoreId | null;
  readonly courierId: CourierId | null;
}

/** Two zones a city: twelve couriers each city. */
const COURIERS_A_ZONE = 6;
const VEHICLES = ['BIKE', 'BIKE', 'SCOOTER', 'BICYCLE'] as const;
const FIRST_NAMES = [
  'Asha',
  'Bruno',
  'Catarina',
  'Deepak',
  'Farah',
  'Gil',
  'Hema',
  'Inês',
  'Jorge',
  'Kiran',
  'Leela',
  'Nuno',
] as const;
const LAST_NAMES = [
  'Almeida',
  'Bhat',
  'Costa',
  'Dutta',
  'Ferreira',
  'Gowda',
  'Iyer',
  'Lopes',
  'Nair',
  'Pinto',
  'Rao',
  'Silva',
] as const;

/** Neither country has subscriber numbers that begin with 0, so nobody's telephone is among these. */
function phoneOf(countryCode: string, number: number): string {
  const prefix = countryCode === 'IN' ? '+91' : '+351';
  return prefix + String(number).padStart(prefix === '+91' ? 10 : 9, '0');
}

function personName(key: string): string {
  return `${pickFrom(`first name ${key}`, FIRST_NAMES)} ${pickFrom(`last name ${key}`, LAST_NAMES)}`;
}

export const DEMO_COURIERS: readonly DemoCourier[] = DEMO_STORES.flatMap((store, zone) =>
  Array.from({ length: COURIERS_A_ZONE }, (_, index): DemoCourier => {
    const key = `${store.key} courier ${index + 1}`;
    const vehicleType = VEHICLES[index % VEHICLES.length] ?? 'BIKE';
    return {
      id: asCourierId(demoId('CourierId', key)),
      zoneId: store.zoneId,
      name: personName(key),
      phone: phoneOf(store.city.countryCode, 300 + zone * COURIERS_A_ZONE + index + 1),
      vehicleType,
      vehicleNumber: vehicleType === 'BICYCLE' ? null : `DEMO ${zone + 1}${String(index + 1).padStart(2, '0')}`,
      // 4.00 to 4.99
      rating: 4 + pick(`rating ${key}`, 100) / 100,
    };
  }),
);

function user(key: string, rest: Omit<DemoUser, 'id' | 'email'>): DemoUser {
  return { id: asUserId(demoId('UserId', key)), email: `${key}@demo.kirana.example`, ...rest };
}

const CUSTOMERS: readonly DemoUser[] = [
  user('customer', {
    role: 'CUSTOMER',
    name: 'Meera Kapoor',
    phone: phoneOf('IN', 101),
    storeId: null,
    courierId: null,
  }),
  user('cliente', {
    role: 'CUSTOMER',
    name: 'Rita Moreira',
    phone: phoneOf('PT', 102),
    storeId: null,
    courierId: null,
  }),
];

const STAFF: readonly DemoUser[] = DEMO_STORES.map((store, index) =>
  user(`staff-${store.key}`, {
    role: 'STAFF',
    name: personName(`staff ${store.key}`),
    phone: phoneOf(store.city.countryCode, 201 + index),
    storeId: store.id,
    courierId: null,
  }),
);

const COURIER_USERS: readonly DemoUser[] = DEMO_COURIERS.map((courier, index) =>
  user(`courier-${index + 1}`, {
    role: 'COURIER',
    name: courier.name,
    phone: courier.phone,
    storeId: null,
    courierId: courier.id,
  }),
);

export const DEMO_OPERATOR: DemoUser = user('operator', {
  role: 'OPERATOR',
  name: 'Olga Brandt',
  phone: phoneOf('IN', 901),
  storeId: null,
  courierId: null,
});

/** One customer a city, one member of staff a store, one user a courier, one operator. */
export const DEMO_USERS: readonly DemoUser[] = [...CUSTOMERS, ...STAFF, ...COURIER_USERS, DEMO_OPERATOR];
