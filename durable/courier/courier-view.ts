import { readOwnJson } from '../../contracts/own-json.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import type { CourierDelta, CourierState, JobView, OfferView } from '../../contracts/ws/courier.ts';
import type { CourierBooks } from './courier-books.ts';
import type { Job, JobDetails, OfferRecord } from './courier-rows.ts';

/** The courier's state as the app shows it. */
export function courierState({ courierId, rows }: CourierBooks): CourierState {
  return {
    courierId,
    onShift: rows.profile()?.onShift ?? false,
    offers: rows.openOffers().map(offerView),
    jobs: rows.shownJobs().map(jobView),
  };
}

/** Appends the state to the feed if the app has not seen it like this. Once a commit, at its end. */
export function showState(books: CourierBooks): void {
  const { feed } = books;
  const head = feed.head();
  const state = courierState(books);
  const shown = head === 0 ? undefined : feed.since(head - 1)?.[0]?.delta;
  const delta: CourierDelta = { state };
  if (shown === JSON.stringify(delta)) return;
  const seq = feed.append(delta);
  // With its last job a courier loses the customer's door: older deltas that name it go too.
  const named = shown !== undefined && namesDoors(readOwnJson<CourierDelta>(shown).state);
  if (named && !namesDoors(state)) feed.forgetBefore(seq);
}

function namesDoors({ jobs }: CourierState): boolean {
  return jobs.some(({ details }) => details !== null);
}

function offerView({ offerId, orderId, storeName, pickup, toPickupM, tripM, expiresAtMs }: OfferRecord): OfferView {
  return { offerId, orderId, storeName, pickup, toPickupM, tripM, expiresAt: toTimestamp(expiresAtMs) };
}

function jobView({ orderId, status, details }: Job): JobView {
  return { orderId, status, details: details === null ? null : detailsView(details) };
}

function detailsView(details: JobDetails): NonNullable<JobView['details']> {
  const { orderNumber, storeName, pickup, drop, dropNote, handoverCode, collectMinor, currency } = details;
  const collect = toWireMoney(collectMinor, currency);
  return { orderNumber, storeName, pickup, drop, dropNote, handoverCode, collect };
}
