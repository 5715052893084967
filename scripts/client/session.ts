import { randomBytes } from 'node:crypto';
import { SessionView } from '../../contracts/http/users.ts';
import { ApiProblem } from './api-problem.ts';
import { readBody, send, type ApiRequest } from './http.ts';
import { PATIENT, retrying, type RetryPolicy } from './retry.ts';
import type * as v from 'valibot';

/** Who signs in. */
export interface Credentials {
  readonly phone: string;
  readonly password: string;
}

export interface Exchange<Body> {
  readonly body: Body;
  readonly headers: Headers;
  /** Of the try that was answered. */
  readonly answerMs: number;
}

/** Used before it is due, so that no request has to be sent twice. */
const RENEW_AT = 0.8;

/** One signed-in device: carries the access token, renews it in time, and tries a request again while that can help. */
export class Session {
  readonly origin: string;
  readonly #policy: RetryPolicy;
  readonly #credentials: Credentials;
  readonly #deviceId = randomBytes(12).toString('base64url');
  #view: SessionView | undefined;
  #renewAtMs = 0;
  #renewing: Promise<SessionView> | undefined;
  /** Times that an access token was renewed. */
  renewals = 0;

  constructor(origin: string, credentials: Credentials, policy: RetryPolicy = PATIENT) {
    this.origin = origin;
    this.#credentials = credentials;
    this.#policy = policy;
  }

  /** Who the session speaks for. */
  async user(): Promise<SessionView['user']> {
    return (await this.#signedIn()).user;
  }

  /** Makes the account and signs in as it. */
  async register(name: string): Promise<void> {
    const body = { ...this.#credentials, name, deviceId: this.#deviceId };
    await this.#open({ method: 'POST', path: '/api/v1/users/register', body });
  }

  /** Safe to call for idempotent requests only: it tries again. */
  async call<Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>> {
    return (await this.exchange(request, schema)).body;
  }

  /** Like `call`, for who also wants to know how it was answered. */
  async exchange<Schema extends v.GenericSchema>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<Exchange<v.InferOutput<Schema>>> {
    return retrying(this.#policy, async () => {
      // Signing in is no part of the request's own time.
      await this.#signedIn();
      const sentAtMs = performance.now();
      const response = await this.#sendSigned(request);
      const body = await readBody(`${request.method} ${request.path}`, response, schema);
      return { body, headers: response.headers, answerMs: performance.now() - sentAtMs };
    });
  }

  async #sendSigned(request: ApiRequest): Promise<Response> {
    const { accessToken } = await this.#signedIn();
    try {
      return await send(this.origin, {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${accessToken}` },
      });
    } catch (cause) {
      if (!(cause instanceof ApiProblem) || cause.code !== 'TOKEN_EXPIRED') throw cause;
      this.#renewAtMs = 0;
      const { accessToken: renewed } = await this.#signedIn();
      return send(this.origin, { ...request, headers: { ...request.headers, authorization: `Bearer ${renewed}` } });
    }
  }

  async #signedIn(): Promise<SessionView> {
    if (this.#view !== undefined && performance.now() < this.#renewAtMs) return this.#view;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<SessionView> {
    const { refreshToken } = this.#view ?? {};
    if (refreshToken === undefined) {
      return this.#open({
        method: 'POST',
        path: '/api/v1/users/login',
        body: { ...this.#credentials, deviceId: this.#deviceId },
      });
    }
    this.renewals += 1;
    return this.#open({
      method: 'POST',
      path: '/api/v1/users/refresh',
      body: { refreshToken, deviceId: this.#deviceId },
    });
  }

  async #open(request: ApiRequest): Promise<SessionView> {
    const view = await retrying(this.#policy, async () =>
      readBody(`${request.method} ${request.path}`, await send(this.origin, request), SessionView),
    );
    this.#view = view;
    this.#renewAtMs = performance.now() + view.expiresIn * 1_000 * RENEW_AT;
    return view;
  }
}
