import type { ProblemBody } from '../../contracts/http/problem.ts';
import type { TicketView } from '../../contracts/http/tickets.ts';
import type { SessionView } from '../../contracts/http/users.ts';
import type { Memory } from './memory.ts';

/** Who is signed in, as the tablet remembers it. The password is not kept. */
export interface SignedIn {
  readonly userId: string;
  readonly storeId: string;
  readonly deviceId: string;
  readonly refreshToken: string;
}

/** The store's answer is no, whatever is tried: sign in again. */
export class SignedOut extends Error {}

const SESSION = 'session';

/** The picker's session: an access token for as long as it lasts, then the next. */
export class Session {
  readonly #memory: Memory;
  #signedIn: SignedIn;
  #accessToken: string | undefined;
  #renewing: Promise<string> | undefined;

  private constructor(memory: Memory, signedIn: SignedIn, accessToken?: string) {
    this.#memory = memory;
    this.#signedIn = signedIn;
    this.#accessToken = accessToken;
  }

  /** The session of who was signed in last; works without wifi. */
  static async resume(memory: Memory): Promise<Session | undefined> {
    const signedIn = await memory.read<SignedIn>(SESSION);
    return signedIn === undefined ? undefined : new Session(memory, signedIn);
  }

  static async open(memory: Memory, phone: string, password: string): Promise<Session> {
    const view = await post<SessionView>('/api/v1/users/login', { phone, password });
    const { storeId } = view.user;
    if (storeId === undefined) throw new SignedOut('This page is for the staff of a store.');
    const signedIn = { userId: view.user.id, storeId, deviceId: view.deviceId, refreshToken: view.refreshToken };
    await memory.write(SESSION, signedIn);
    return new Session(memory, signedIn, view.accessToken);
  }

  get userId(): string {
    return this.#signedIn.userId;
  }

  async close(): Promise<void> {
    const { refreshToken } = this.#signedIn;
    await this.#memory.forget(SESSION);
    await post('/api/v1/users/logout', { refreshToken }).catch(() => undefined);
  }

  /** A permission to open the store's socket, once. */
  ticket(): Promise<TicketView> {
    return this.ofStore<TicketView>('POST', 'ticket');
  }

  /** Asks or tells the picker's store: a path below it. */
  async ofStore<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const full = `/api/v1/stores/${this.#signedIn.storeId}/${path}`;
    try {
      return await send<T>(method, full, body, this.#accessToken ?? (await this.#renew()));
    } catch (cause) {
      if (!(cause instanceof SignedOut)) throw cause;
      return send<T>(method, full, body, await this.#renew());
    }
  }

  /** A refresh token is good for once: whoever needs an access token meanwhile waits for the same one. */
  #renew(): Promise<string> {
    this.#renewing ??= this.#renewNow().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewNow(): Promise<string> {
    const { deviceId, refreshToken } = this.#signedIn;
    const view = await post<SessionView>('/api/v1/users/refresh', { refreshToken, deviceId });
    this.#signedIn = { ...this.#signedIn, refreshToken: view.refreshToken };
    this.#accessToken = view.accessToken;
    await this.#memory.write(SESSION, this.#signedIn);
    return view.accessToken;
  }
}

function post<T>(path: string, body: object): Promise<T> {
  return send('POST', path, body);
}

async function send<T>(method: 'GET' | 'POST', path: string, body: object | undefined, token?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own API, by its contract
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  const problem: ProblemBody = await response.json();
  const isOver = response.status === 401 || response.status === 403;
  throw isOver ? new SignedOut(problem.detail) : new Error(problem.detail);
}
