import { Wire, type WireAnswer } from './wire.ts';

export interface ClosedLoop<Asked> {
  readonly origin: string;
  readonly connections: number;
  /** The next request, or undefined to stop. */
  readonly next: () => { readonly asked: Asked; readonly request: string } | undefined;
  readonly onAnswer: (asked: Asked, answer: WireAnswer) => void;
  /** The connection broke: whether this one was carried out is unknown. */
  readonly onUnknown?: (asked: Asked) => void;
}

/** Each connection asks again as soon as it is answered, and stops where its connection breaks. */
export async function closedLoop<Asked>({
  origin,
  connections,
  next,
  onAnswer,
  onUnknown,
}: ClosedLoop<Asked>): Promise<void> {
  async function client(): Promise<void> {
    const wire = await Wire.open(origin);
    for (let one = next(); one !== undefined; one = next()) {
      let answer: WireAnswer;
      try {
        answer = await wire.send(one.request);
      } catch (cause) {
        if (onUnknown === undefined) throw cause;
        onUnknown(one.asked);
        break;
      }
      onAnswer(one.asked, answer);
    }
    wire.close();
  }
  await Promise.all(Array.from({ length: connections }, client));
}
