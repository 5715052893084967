import type { CustodyView } from '../../contracts/http/custody.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { missingLinks } from '../../domain/order/custody.ts';
import type { Custody } from '../../domain/order/custody.ts';

export function toCustodyView(custody: Custody): CustodyView {
  const { sealed, handedOver, arrived, proved, waived } = custody;
  return {
    sealed: sealed === null ? null : { at: toTimestamp(sealed.atMs), seals: [...sealed.seals] },
    handedOver: handedOver === null ? null : { at: toTimestamp(handedOver.atMs), seals: [...handedOver.seals] },
    arrived: arrived === null ? null : stamped(arrived),
    proved: proved === null ? null : stamped(proved),
    waived: [...waived],
    missing: [...missingLinks(custody)],
  };
}

function stamped<T extends { readonly atMs: number }>({ atMs, ...link }: T): Omit<T, 'atMs'> & { readonly at: string } {
  return { ...link, at: toTimestamp(atMs) };
}
