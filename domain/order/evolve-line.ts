import type { StoreId } from '../shared/ids.ts';
import type { Candidate, OrderState, ProgressEvent } from './order.ts';

type LineEvent = Extract<ProgressEvent, { readonly type: `line.${string}` }>;

export function isLineEvent(event: ProgressEvent): event is LineEvent {
  return event.type.startsWith('line.');
}

/** Takes the facts of a line as they are. */
export function evolveLine(state: OrderState, event: LineEvent, atMs: number): OrderState {
  const settled = { ...state, call: null };
  const turns = state.line?.turns ?? 0;
  switch (event.type) {
    case 'line.joined':
    case 'line.moved': {
      const { storeId, place, turnAtMs } = event;
      const line = { at: 'WAITING', storeId, standing: { place, turnAtMs }, turns } as const;
      return { ...settled, line, agreed: state.agreed ?? offerOf(state, storeId) };
    }
    case 'line.turn_came': {
      const { storeId } = event;
      const line = { at: 'CALLED', storeId, standing: { place: 1, turnAtMs: atMs }, turns: turns + 1 } as const;
      const asked = state.terms.candidates.findIndex((store) => store.storeId === storeId);
      const passedOver = state.passedOver.slice(0, Math.max(0, asked));
      return { ...settled, line, passedOver, agreed: state.agreed ?? offerOf(state, storeId) };
    }
    case 'line.refused': {
      const { code, retryAfterMs = null } = event;
      return { ...settled, lineRefusals: [...state.lineRefusals, { code, retryAfterMs }] };
    }
    case 'line.left':
      return { ...settled, ...leftLine(state) };
  }
}

function offerOf({ terms }: OrderState, storeId: StoreId): Candidate | null {
  return terms.candidates.find((store) => store.storeId === storeId) ?? null;
}

/** It stands in no line any more. */
export function leftLine({ line }: OrderState): Pick<OrderState, 'line'> {
  return { line: line === null ? null : { ...line, at: 'LEFT' } };
}
