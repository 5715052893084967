import type fc from 'fast-check';

/**
 * The way between clients and a store, with the scheduler as its weather: requests and answers travel for as long as it likes
 * and overtake each other, what has arrived meanwhile is taken in at once, and a client whose patience ends asks again under
 * the same id while its first request may still be under way.
 */
export class Wire {
  readonly #scheduler: fc.Scheduler;
  readonly #inbox: (() => void)[] = [];
  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The first answer that arrives; `again` is how often the client asks before it waits for good. */
  async ask<T>(
    what: string,
    again: number,
    request: () => Promise<T>,
  ): Promise<{ readonly answers: Promise<T>[]; readonly first: T }> {
    const answers = [this.#send(what, request)];
    for (let tries = 0; tries < again; tries += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      const answered = await Promise.race([Promise.race(answers).then(() => true), this.#patience(what)]);
      if (answered) break;
      const answer = this.#send(what, request);
      // Whoever looks at all answers sees what became of this one.
      answer.catch(() => undefined);
      answers.push(answer);
    }
    return { answers, first: await Promise.race(answers) };
  }

  async #patience(what: string): Promise<false> {
    await this.#scheduler.schedule(Promise.resolve(), `patience with ${what}`);
    return false;
  }

  async #send<T>(what: string, request: () => Promise<T>): Promise<T> {
    await this.#scheduler.schedule(Promise.resolve(), what);
    const answer = await this.#arrive(request);
    await this.#scheduler.schedule(Promise.resolve(), `the answer to ${what}`);
    return answer;
  }

  /** Waits at the store's door together with whatever else arrives before the store's next turn. */
  #arrive<T>(request: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#inbox.push(() => {
      request().then(resolve, reject);
    });
    if (this.#inbox.length === 1) void this.#takeIn();
    return promise;
  }

  async #takeIn(): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), "the store's turn");
    for (const take of this.#inbox.splice(0)) take();
  }
}
