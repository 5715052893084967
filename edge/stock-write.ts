import { asLotId } from '../domain/shared/ids.ts';
import type { LotId } from '../domain/shared/ids.ts';

interface WriteBody {
  readonly lotId?: string | undefined;
  readonly expectedSequence?: number | undefined;
}

/** What a body says of a change of stock, as the store's command has it: what was left out is absent. */
export function stockWrite<B extends WriteBody>({
  lotId,
  expectedSequence,
  ...rest
}: B): Omit<B, keyof WriteBody> & { readonly lotId?: LotId; readonly expectedSequence?: number } {
  return {
    ...rest,
    ...(lotId !== undefined && { lotId: asLotId(lotId) }),
    ...(expectedSequence !== undefined && { expectedSequence }),
  };
}
