import * as v from 'valibot';
import { Count, Quantity, SkuText, SubstitutionIdText, Timestamp, WireMoney } from '../wire.ts';

const Points = { points: Count };
const Difference = v.pipe(v.number(), v.safeInteger());

/** One reason why the store chose it, as a person would say it: same brand, 20 ml less, 4 rupees cheaper. */
const TermView = v.variant('term', [
  v.strictObject({ ...Points, term: v.literal('named'), place: Count }),
  v.strictObject({ ...Points, term: v.literal('category'), sharedLevels: Count, levels: Count }),
  v.strictObject({
    ...Points,
    term: v.literal('size'),
    unit: v.nullable(v.picklist(['g', 'ml', 'piece'])),
    difference: v.nullable(v.number()),
  }),
  v.strictObject({ ...Points, term: v.literal('brand'), same: v.nullable(v.boolean()) }),
  v.strictObject({ ...Points, term: v.literal('price'), differenceMinor: Difference }),
  v.strictObject({ ...Points, term: v.literal('stock'), availableUnits: Count, wantedUnits: Count }),
  v.strictObject({ ...Points, term: v.literal('shelf_life'), leftMs: v.nullable(Difference) }),
]);

const Settlement = v.picklist(['SUBSTITUTE', 'REFUND']);

/** Another article in place of one that is missing. */
export const SubstitutionView = v.strictObject({
  id: SubstitutionIdText,
  /** The missing article. */
  sku: SkuText,
  substitute: v.strictObject({ sku: SkuText, name: v.string() }),
  quantity: Quantity,
  status: v.picklist(['PROPOSED', 'APPROVED', 'DECLINED', 'TIMED_OUT', 'WITHDRAWN']),
  /** What came of it: null while nobody has answered, and after a withdrawal, which leaves the article missing. */
  settlement: v.nullable(Settlement),
  /** Answer before this; and what no answer means. */
  expiresAt: Timestamp,
  onSilence: Settlement,
  /** What one unit costs you: the lower of both articles' prices. */
  unitPrice: WireMoney,
  /** What one unit of the substitute costs by its tag, less the price of the missing one. */
  priceDifference: v.strictObject({ amount: Difference, currency: WireMoney.entries.currency }),
  terms: v.array(TermView),
  /** Units in the bags, and what they cost; known from PACKED on. */
  pickedQuantity: v.nullable(Count),
  total: v.nullable(WireMoney),
});
export type SubstitutionView = v.InferOutput<typeof SubstitutionView>;

export const AnswerSubstitutionBody = v.strictObject({ answer: v.picklist(['APPROVE', 'DECLINE']) });
