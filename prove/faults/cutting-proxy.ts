import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * A wire that breaks at the worst moment: the server has done its work and answered, and the client never learns of it. Of the
 * replies that it cuts, every other one is cut in the middle. One reply is what follows what a client sent, so a frame of a
 * socket counts as much as an answer of HTTP.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  /** Every so many replies one is cut; 0 cuts none. */
  cutEvery: number;
  /** Replies that the server gave. */
  replies = 0;
  /** Those of them that no client got. */
  cuts = 0;

  private constructor(target: URL, cutEvery: number) {
    this.#target = target;
    this.cutEvery = cutEvery;
    this.#server = createServer((client) => this.#join(client));
  }

  /** In front of `target`, such as `http://127.0.0.1:8787`. */
  static async open(target: string, cutEvery: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(target), cutEvery);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get origin(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has such an address
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    let asked = false;
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      // Whatever happens to one side happens to the other.
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.on('drain', () => other.resume());
    }
    client.on('data', (bytes) => {
      asked = true;
      if (!server.write(bytes)) client.pause();
    });
    server.on('data', (bytes) => {
      const isCut = asked && this.#cutsNext();
      asked = false;
      if (isCut) cut(client, bytes, this.cuts % 2 === 0);
      else if (!client.write(bytes)) server.pause();
    });
  }

  #cutsNext(): boolean {
    this.replies += 1;
    if (this.cutEvery === 0 || this.replies % this.cutEvery !== 0) return false;
    this.cuts += 1;
    return true;
  }
}

/** The client sees its connection end: after half of an answer, or reset before it saw anything. */
function cut(client: Socket, bytes: Buffer, inTheMiddle: boolean): void {
  if (inTheMiddle) client.end(bytes.subarray(0, bytes.length / 2));
  else client.resetAndDestroy();
}
