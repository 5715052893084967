/** An answer as over HTTP; `cut` ends the connection instead, `late` waits first. */
export interface FakeReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cut?: true;
}

/** A request as over HTTP. */
export interface FakeRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  readonly header: (name: string) => string | null;
}

/** Answers kept under idempotency keys: the same key and request get the same answer, another request is a conflict. */
export class KeyedAnswers {
  readonly #kept = new Map<string, { readonly asked: string; readonly reply: FakeReply }>();

  once(key: string | null, asked: string, conflict: FakeReply, answer: () => FakeReply): FakeReply {
    if (key === null) return answer();
    const known = this.#kept.get(key);
    if (known !== undefined) {
      if (known.asked !== asked) return conflict;
      return { ...known.reply, headers: { ...known.reply.headers, 'idempotent-replayed': 'true' } };
    }
    const reply = answer();
    this.#kept.set(key, { asked, reply });
    return reply;
  }
}
