import type { Guard } from './guard.ts';

const STUCK = 'domain/order/stuck.test.ts';

/** What keeps an order on one of its two legal ends, and tells when it does not get there. */
export const SAGA_GUARDS: readonly Guard[] = [
  {
    name: 'an order that is stuck is told of once',
    file: 'domain/order/outcome.ts',
    intact: 'state.stuck !== null || !needsOperator',
    broken: '!needsOperator',
    tests: [STUCK],
  },
  {
    name: 'only what waits for an answer is settled by hand',
    file: 'domain/order/stuck.ts',
    intact: 'if (stuck === null || call === null)',
    broken: 'if (call === null)',
    tests: [STUCK],
  },
  {
    name: 'expired stock is sought again once',
    file: 'domain/order/saga.ts',
    intact: 'state.terms.secondHoldId === undefined || state.soughtAgainAt !== null',
    broken: 'state.terms.secondHoldId === undefined',
    tests: [STUCK],
  },
  {
    name: 'a second hold has an id of its own',
    file: 'domain/order/saga.ts',
    intact: "isSoughtAgain(state) ? ':again' : ''",
    broken: "''",
    tests: [STUCK],
  },
  {
    name: 'a store does not confirm what is not paid by sending it back',
    file: 'domain/order/decide.ts',
    intact: "return state.status === 'ASSIGNED_TO_STORE'\n        ? done([{ type: 'order.rerouted'",
    broken:
      "return state.status === 'ASSIGNED_TO_STORE' || state.status === 'PENDING'\n        ? done([{ type: 'order.rerouted'",
    tests: ['domain/order/order-reroute.test.ts'],
  },
  {
    name: 'what a second store reports before its commit is answered is not lost',
    file: 'domain/order/decide.ts',
    intact: "(status === 'PENDING' || status === 'CONFIRMED') && call?.step === 'commit'",
    broken: "status === 'PENDING' && call?.step === 'commit'",
    tests: ['domain/order/order-reroute.test.ts'],
  },
  {
    name: 'a promise at risk is told of once',
    file: 'domain/order/evolve.ts',
    intact: 'return { ...state, sla: { ...state.sla, atRiskAtMs: atMs } };',
    broken: 'return state;',
    tests: ['domain/order/sla.test.ts'],
  },
  {
    name: 'a log leaves its object without its secrets',
    file: 'domain/order/state-digest.ts',
    intact: "if (event.type === 'order.placed') return { ...entry, event: { ...event, ...NO_SECRETS } };",
    broken: '',
    tests: ['domain/order/state-digest.test.ts'],
  },
  {
    name: 'a mark whose commit failed is not forgotten',
    file: 'durable/kit/sent-marks.ts',
    intact: 'const noted = [...this.#noted.values()];',
    broken: 'const noted = [...this.#noted.values()];\n    this.#noted.clear();',
    tests: ['durable/kit/sent-marks.test.ts'],
  },
];
