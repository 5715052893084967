import type { Shown } from '../../domain/order/delivery.ts';
import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { OfferId, OrderId, StoreId, ZoneId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { Refusal } from '../problem.ts';
import type { WireMoney } from '../wire.ts';
import type { CourierState } from '../ws/courier.ts';

/** The zone proposes one order to this courier. The courier's object decides acceptance and keeps the deadline. */
export interface OfferJob extends Command {
  readonly offerId: OfferId;
  readonly zoneId: ZoneId;
  readonly orderId: OrderId;
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly pickup: LatLng;
  readonly toPickupM: number;
  readonly tripM: number;
  readonly expiresAtMs: number;
}
/** The order accepts the courier and tells where to go. */
export interface ConfirmJob extends Command {
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly pickup: LatLng;
  readonly drop: LatLng;
  readonly dropNote: string;
  readonly handoverCode: string;
  /** Cash to collect at the door, minor units; 0 when paid. */
  readonly collectMinor: number;
  readonly currency: string;
}
/** The order moved on without the courier's doing: picked up (handover scanned), or withdrawn. */
export interface MoveJob extends Command {
  readonly orderId: OrderId;
  readonly step: 'picked_up' | 'withdrawn';
  readonly reason?: string;
}

/** The courier moves a delivery on, or gives it back, without the app's socket. */
export interface MoveDelivery extends Command {
  readonly orderId: OrderId;
  readonly move:
    | { readonly to: 'IN_TRANSIT' }
    | { readonly to: 'DELIVERED'; readonly shown: Shown; readonly collected?: WireMoney }
    | { readonly to: 'GIVEN_BACK'; readonly reason: ReassignReason };
}

type CallRefusal = Refusal<'FORBIDDEN' | 'OP_ID_REUSED' | 'NOT_FOUND'>;

export interface CourierRpc {
  offer(command: OfferJob): Promise<Result<null, CallRefusal>>;
  confirmJob(command: ConfirmJob): Promise<Result<null, CallRefusal>>;
  moveJob(command: MoveJob): Promise<Result<null, CallRefusal>>;
  moveDelivery(command: MoveDelivery): Promise<Result<null, Refusal>>;
  view(actor: Actor): Promise<Result<CourierState, Refusal<'NOT_FOUND'>>>;
}
