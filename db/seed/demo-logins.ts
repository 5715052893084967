import type { CourierId, StoreId, ZoneId } from '../../domain/shared/ids.ts';
import { DEMO_STORES } from './network.ts';
import { DEMO_COURIERS, DEMO_PASSWORDS, DEMO_USERS } from './people.ts';

/** Who can sign in to a demonstration, with what, and what their token will carry. */
export interface DemoLogin {
  readonly role: 'customer' | 'staff' | 'courier' | 'operator';
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly password: string;
  /** Of staff; of couriers the store whose zone they ride in. For people to read. */
  readonly storeName?: string;
  readonly storeId?: StoreId;
  readonly courierId?: CourierId;
  readonly zoneId?: ZoneId;
}

const ROLES = { CUSTOMER: 'customer', STAFF: 'staff', COURIER: 'courier', OPERATOR: 'operator' } as const;

export const DEMO_LOGINS: readonly DemoLogin[] = DEMO_USERS.map((user): DemoLogin => {
  const zoneId = DEMO_COURIERS.find(({ id }) => id === user.courierId)?.zoneId;
  const store = DEMO_STORES.find(({ id, zoneId: zone }) => id === user.storeId || zone === zoneId);
  return {
    role: ROLES[user.role],
    name: user.name,
    phone: user.phone,
    email: user.email,
    password: DEMO_PASSWORDS[user.role],
    ...(store === undefined ? {} : { storeName: store.name }),
    ...(user.storeId === null ? {} : { storeId: user.storeId }),
    ...(user.courierId === null || zoneId === undefined ? {} : { courierId: user.courierId, zoneId }),
  };
});
