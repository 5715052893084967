import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import type { Principal } from '../../contracts/http/users.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { CourierIdText, StoreIdText, UserIdText, ZoneIdText } from '../../contracts/wire.ts';
import { asCourierId, asStoreId, asUserId, asZoneId } from '../../domain/shared/ids.ts';

const Claims = v.variant('role', [
  v.object({ sub: UserIdText, role: v.literal('customer') }),
  v.object({ sub: UserIdText, role: v.literal('staff'), storeId: StoreIdText }),
  v.object({ sub: UserIdText, role: v.literal('courier'), courierId: CourierIdText, zoneId: ZoneIdText }),
  v.object({ sub: UserIdText, role: v.literal('operator') }),
]);

/** An actor as the claims of a token: subject, role, and what the role is bound to. */
export function writeActor(actor: SignedInActor): JWTPayload {
  const { id, ...rest } = toPrincipal(actor);
  return { sub: id, ...rest };
}

/** `null` when the claims name no actor, which a token signed by us always does. */
export function readActor(claims: JWTPayload): SignedInActor | null {
  const parsed = v.safeParse(Claims, claims);
  if (!parsed.success) return null;
  const { output } = parsed;
  const userId = asUserId(output.sub);
  switch (output.role) {
    case 'customer':
    case 'operator':
      return { kind: output.role, userId };
    case 'staff':
      return { kind: 'staff', userId, storeId: asStoreId(output.storeId) };
    case 'courier':
      return { kind: 'courier', userId, courierId: asCourierId(output.courierId), zoneId: asZoneId(output.zoneId) };
  }
}

export function toPrincipal(actor: SignedInActor): Principal {
  const { kind: role, userId: id, ...bound } = actor;
  return { id, role, ...bound };
}
