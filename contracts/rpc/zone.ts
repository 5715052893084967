import type { LatLng } from '../../domain/shared/geo.ts';
import type { CourierId, OfferId, OrderId, StoreId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { Refusal } from '../problem.ts';

/** An order needs a courier, who should be at the store by `readyAtMs`. */
export interface RequestCourier extends Command {
  readonly orderId: OrderId;
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly pickup: LatLng;
  readonly drop: LatLng;
  readonly readyAtMs: number;
  /** Had it and was taken off: asked again only when everybody else has been. */
  readonly takenOff?: CourierId;
}
/** The bags are ready: an estimate no longer decides who is fetched first. Changes nothing once the search is over. */
export interface AnnounceReady extends Command {
  readonly orderId: OrderId;
  readonly readyAtMs: number;
}
export interface WithdrawRequest extends Command {
  readonly orderId: OrderId;
  readonly reason: string;
}
/** What a courier's object says of itself; the highest `version` wins. */
export interface UpdateCandidate extends Command {
  readonly courierId: CourierId;
  readonly version: number;
  readonly onShift: boolean;
  readonly position: LatLng | null;
  readonly load: number;
  readonly capacity: number;
}
export interface AnswerOffer extends Command {
  readonly offerId: OfferId;
  readonly orderId: OrderId;
  readonly courierId: CourierId;
  readonly answer: 'accepted' | 'rejected' | 'timed_out' | 'unavailable';
}
export interface ZoneView {
  readonly candidates: readonly {
    readonly courierId: CourierId;
    readonly onShift: boolean;
    readonly load: number;
    readonly capacity: number;
  }[];
  readonly waiting: readonly {
    readonly orderId: OrderId;
    readonly rounds: number;
    readonly offeredTo: CourierId | null;
  }[];
}

type CallRefusal = Refusal<'FORBIDDEN' | 'OP_ID_REUSED'>;

export interface ZoneRpc {
  requestCourier(command: RequestCourier): Promise<Result<null, CallRefusal>>;
  announceReady(command: AnnounceReady): Promise<Result<null, CallRefusal>>;
  withdraw(command: WithdrawRequest): Promise<Result<null, CallRefusal>>;
  updateCandidate(command: UpdateCandidate): Promise<Result<null, CallRefusal>>;
  answerOffer(command: AnswerOffer): Promise<Result<null, CallRefusal>>;
  view(actor: Actor): Promise<Result<ZoneView, Refusal<'FORBIDDEN'>>>;
}
