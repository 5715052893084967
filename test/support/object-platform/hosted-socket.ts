/** Both ends of a socket that an object accepted: it sleeps with the object and keeps its attachment. */
export class HostedSocket {
  /** What the object has sent, not read yet. */
  readonly #frames: string[] = [];
  #attachment: unknown = null;
  closedWith: number | null = null;

  send(text: string): void {
    if (this.closedWith !== null) throw new Error('the socket is closed');
    this.#frames.push(text);
  }
  close(code: number): void {
    this.closedWith = code;
  }
  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }
  deserializeAttachment(): unknown {
    return structuredClone(this.#attachment);
  }
  /** Takes the frames that came since. */
  read(): unknown[] {
    return this.#frames.splice(0).map((text): unknown => JSON.parse(text));
  }
}
