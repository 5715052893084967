import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import type { TaskError } from '../../../domain/picking/pick-task.ts';

type SubstitutionCode = 'SUBSTITUTION_OPEN' | 'SUBSTITUTION_BARRED' | 'SUBSTITUTE_RULED_OUT';
type SubstitutionError = Extract<TaskError, { readonly code: SubstitutionCode }>;

/** What the rules of substitution refuse, in words for the picker. Which allergens a customer avoids stays unsaid. */
export function substitutionRefusal(error: SubstitutionError): Refusal<SubstitutionCode> {
  switch (error.code) {
    case 'SUBSTITUTION_OPEN':
      return refuse('SUBSTITUTION_OPEN', 'The customer still chooses: pack when it is answered, or its time is over.', {
        open: error.open.map(({ proposalId, missing, substitute, answerByMs }) => ({
          proposalId,
          sku: missing,
          substitute,
          expiresAt: toTimestamp(answerByMs),
        })),
      });
    case 'SUBSTITUTION_BARRED':
      return refuse('SUBSTITUTION_BARRED', BARRED[error.by], { by: error.by });
    case 'SUBSTITUTE_RULED_OUT': {
      const { sku, why } = error.ruledOut;
      return refuse('SUBSTITUTE_RULED_OUT', 'Choose another article: a rule forbids this one here.', { sku, why });
    }
  }
}

const BARRED: { readonly [By in Extract<TaskError, { readonly code: 'SUBSTITUTION_BARRED' }>['by']]: string } = {
  do_not_substitute: 'The customer wants this article or none: nothing else goes into the bag.',
  refund: 'The customer wants the money back for what is missing.',
  is_a_substitute: 'This stands in for another article already.',
  asked_enough: 'The customer was asked often enough about this article.',
  open_enough: 'The customer has enough to answer: pick on, and propose this later.',
};
