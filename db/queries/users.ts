import { eq, type SQL } from 'drizzle-orm';
import type { CourierId, StoreId, UserId, ZoneId } from '../../domain/shared/ids.ts';
import { asCourierId, asStoreId, asUserId, asZoneId } from '../../domain/shared/ids.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { brokenUniqueConstraint, type Db } from '../client.ts';
import { couriers } from '../schema/couriers.ts';
import { users, type UserRole, type UserStatus } from '../schema/users.ts';

export interface User {
  readonly id: UserId;
  readonly phone: string;
  readonly email: string | null;
  readonly name: string;
  /** Versioned scrypt string; null for those who have no password. Never leaves the sign-in. */
  readonly passwordHash: string | null;
  readonly role: UserRole;
  readonly status: UserStatus;
  /** The store of a member of staff. */
  readonly storeId: StoreId | null;
  /** The courier this user is, and the zone that courier works in. */
  readonly courierId: CourierId | null;
  readonly zoneId: ZoneId | null;
  readonly createdAtMs: number;
}

export interface NewCustomer {
  readonly id: UserId;
  readonly phone: string;
  readonly email: string | null;
  readonly name: string;
  readonly passwordHash: string;
}

export interface Taken {
  readonly code: 'ALREADY_EXISTS';
  readonly field: 'phone' | 'email' | 'id';
}

/** Registers a customer. Staff, couriers and operators are made by an operator, never by registration. */
export async function createCustomer(db: Db, customer: NewCustomer): Promise<Result<User, Taken>> {
  try {
    await db.insert(users).values({ ...customer, role: 'CUSTOMER' });
  } catch (cause) {
    return refuseTaken(cause);
  }
  const user = await findUserById(db, customer.id);
  if (user === undefined) throw new Error(`user ${customer.id} is gone right after its creation`);
  return ok(user);
}

export function findUserByPhone(db: Db, phone: string): Promise<User | undefined> {
  return findUser(db, eq(users.phone, phone));
}

/** `email` in lower case, as it is stored. */
export function findUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return findUser(db, eq(users.email, email));
}

export function findUserById(db: Db, id: UserId): Promise<User | undefined> {
  return findUser(db, eq(users.id, id));
}

/** Replaces what users may change about themselves; undefined when there is no such user. */
export async function updateProfile(
  db: Db,
  id: UserId,
  profile: { readonly name: string; readonly email: string | null },
): Promise<Result<User | undefined, Taken>> {
  try {
    await db
      .update(users)
      .set({ name: profile.name, email: profile.email, updatedAt: new Date() })
      .where(eq(users.id, id));
  } catch (cause) {
    return refuseTaken(cause);
  }
  return ok(await findUserById(db, id));
}

async function findUser(db: Db, condition: SQL): Promise<User | undefined> {
  const [row] = await db
    .select({ user: users, zoneId: couriers.zoneId })
    .from(users)
    .leftJoin(couriers, eq(couriers.id, users.courierId))
    .where(condition)
    .limit(1);
  if (row === undefined) return undefined;
  const { user, zoneId } = row;
  return {
    id: asUserId(user.id),
    phone: user.phone,
    email: user.email,
    name: user.name,
    passwordHash: user.passwordHash,
    role: user.role,
    status: user.status,
    storeId: user.storeId === null ? null : asStoreId(user.storeId),
    courierId: user.courierId === null ? null : asCourierId(user.courierId),
    zoneId: zoneId === null ? null : asZoneId(zoneId),
    createdAtMs: user.createdAt.getTime(),
  };
}

const FIELD_OF_CONSTRAINT: Readonly<Record<string, Taken['field']>> = {
  users_phone_unique: 'phone',
  users_email_unique: 'email',
  users_pkey: 'id',
};

function refuseTaken(cause: unknown): Result<never, Taken> {
  const field = FIELD_OF_CONSTRAINT[brokenUniqueConstraint(cause) ?? ''];
  if (field === undefined) throw cause;
  return err({ code: 'ALREADY_EXISTS', field });
}
