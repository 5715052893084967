/** The media type of server-sent events (WHATWG HTML, 9.2). */
export const EVENT_STREAM = 'text/event-stream';

export interface ServerSentEvent {
  readonly event: string;
  /** What a client resumes by; events without one leave it as it was. */
  readonly id?: number;
  /** JSON: has no line breaks of its own. */
  readonly data: string;
}

export function eventText({ event, id, data }: ServerSentEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

/** How long the client waits before it comes back when the stream ends. */
export function retryText(afterMs: number): string {
  return `retry: ${afterMs}\n\n`;
}
