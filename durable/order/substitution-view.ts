import type { SubstitutionView } from '../../contracts/http/substitutions.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import { quoteOf } from '../../domain/order/order.ts';
import type { OrderState } from '../../domain/order/order.ts';
import type { Substitution } from '../../domain/order/substitution.ts';
import { settlementOf } from '../../domain/picking/proposal.ts';

/** A substitute as whoever may see the order sees it. */
export function toSubstitutionView(state: OrderState, substitution: Substitution): SubstitutionView {
  const { proposal, name, tagMinor, unitPriceMinor, terms } = substitution;
  const { proposalId, missing, substitute, units, status, answerByMs, onSilence } = proposal;
  const { currency, lines } = quoteOf(state);
  const missingPriceMinor = lines.find(({ sku }) => sku === missing)?.unitPriceMinor ?? unitPriceMinor;
  const { packed } = state;
  const came = packed?.substituted.find((line) => line.proposalId === proposalId)?.quantity ?? 0;
  return {
    id: proposalId,
    sku: missing,
    substitute: { sku: substitute, name },
    quantity: units,
    status,
    settlement: settlementOf(proposal),
    expiresAt: toTimestamp(answerByMs),
    onSilence,
    unitPrice: toWireMoney(unitPriceMinor, currency),
    priceDifference: { amount: tagMinor - missingPriceMinor, currency },
    terms: terms.map((term) => ({ ...term })),
    pickedQuantity: packed === null ? null : came,
    total: packed === null ? null : toWireMoney(unitPriceMinor * came, currency),
  };
}
