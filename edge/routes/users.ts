import { Hono } from 'hono';
import type { Context } from 'hono';
import {
  createCustomer,
  findUserByEmail,
  findUserById,
  findUserByPhone,
  updateProfile,
} from '../../db/queries/users.ts';
import type { User } from '../../db/queries/users.ts';
import {
  LoginBody,
  LogoutBody,
  ProfileBody,
  ProfileView,
  RefreshBody,
  RegisterBody,
  SessionView,
} from '../../contracts/http/users.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { RefreshGrant, SignedInActor } from '../../contracts/rpc/session.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { readRefreshToken } from '../../domain/session/refresh-token.ts';
import { asUserId, timeOrderedId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { sessionStub } from '../../durable/stubs.ts';
import { hashPassword, verifyPassword } from '../../integrations/passwords.ts';
import { toPrincipal } from '../auth/actor-claims.ts';
import { authOf } from '../auth/authenticate.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { signInLimit } from '../middleware/sign-in-limit.ts';
import { askObject, callObject } from '../object-call.ts';
import { ANY_SIGNED_IN } from '../policy.ts';
import { withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { body } from '../validate.ts';

export const users = new Hono<AppEnv>()
  .post(
    '/register',
    endpoint({
      access: 'public',
      tag: 'Users',
      summary: 'Register a customer and sign in',
      answers: { 201: SessionView },
      refuses: ['ALREADY_EXISTS', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
    }),
    body(RegisterBody),
    async (c) => {
      const { phone, email, name, password, deviceId } = c.req.valid('json');
      const allowed = await signInLimit(c, phone);
      if (!allowed.ok) return problem(c, allowed.error);
      const id = asUserId(timeOrderedId('UserId', Date.now(), crypto.getRandomValues(new Uint8Array(10))));
      const passwordHash = await hashPassword(password);
      const created = await withPostgres(c.env, (db) =>
        createCustomer(db, { id, phone, email: email ?? null, name, passwordHash }),
      );
      if (!created.ok) return problem(c, created.error);
      if (!created.value.ok) return problem(c, taken(created.value.error.field));
      const session = await openSession(c, { kind: 'customer', userId: id }, deviceId);
      return session.ok ? c.json(session.value, 201) : problem(c, session.error);
    },
  )
  .post(
    '/login',
    endpoint({
      access: 'public',
      tag: 'Users',
      summary: 'Sign in with a phone number or an e-mail address',
      answers: { 200: SessionView },
      refuses: ['WRONG_CREDENTIALS', 'ACCOUNT_SUSPENDED', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
    }),
    body(LoginBody),
    async (c) => {
      const login = c.req.valid('json');
      const allowed = await signInLimit(c, 'phone' in login ? login.phone : login.email);
      if (!allowed.ok) return problem(c, allowed.error);
      const found = await withPostgres(c.env, (db) =>
        'phone' in login ? findUserByPhone(db, login.phone) : findUserByEmail(db, login.email),
      );
      if (!found.ok) return problem(c, found.error);
      const actor = await checkCredentials(found.value, login.password);
      if (!actor.ok) return problem(c, actor.error);
      const session = await openSession(c, actor.value, login.deviceId);
      return session.ok ? c.json(session.value, 200) : problem(c, session.error);
    },
  )
  .post(
    '/refresh',
    endpoint({
      access: 'public',
      tag: 'Users',
      summary: 'Exchange a refresh token for new tokens',
      description:
        'A refresh token works once. Sent again within 10 s from the same device it gives the same answer; sent again later, or from another device, it ends the session everywhere it was carried to.',
      answers: { 200: SessionView },
      refuses: ['SESSION_REVOKED', 'UNAVAILABLE'],
    }),
    body(RefreshBody),
    async (c) => {
      const { refreshToken, deviceId } = c.req.valid('json');
      const token = readRefreshToken(refreshToken);
      if (token === null) return problem(c, refuse('SESSION_REVOKED', 'Sign in again.'));
      const grant = await askObject(() => sessionStub(c.env, token.userId).refresh(refreshToken, deviceId));
      return grant.ok ? c.json(await toSession(c, grant.value, deviceId), 200) : problem(c, grant.error);
    },
  )
  .post(
    '/logout',
    endpoint({
      access: 'public',
      tag: 'Users',
      summary: 'End the session of a refresh token',
      description: 'The refresh token is the credential: signing out works after the access token has expired.',
      answers: { 204: 'Ended, or had ended already.' },
      refuses: ['UNAVAILABLE'],
    }),
    body(LogoutBody),
    async (c) => {
      const { refreshToken } = c.req.valid('json');
      const token = readRefreshToken(refreshToken);
      if (token === null) return c.body(null, 204);
      const closed = await callObject(() => sessionStub(c.env, token.userId).close(refreshToken));
      return closed.ok ? c.body(null, 204) : problem(c, closed.error);
    },
  )
  .get(
    '/profile',
    endpoint({
      access: ANY_SIGNED_IN,
      tag: 'Users',
      summary: 'Read your own profile',
      answers: { 200: ProfileView },
      refuses: ['NOT_FOUND', 'UNAVAILABLE'],
    }),
    async (c) => {
      const found = await withPostgres(c.env, (db) => findUserById(db, c.var.actor.userId));
      if (!found.ok) return problem(c, found.error);
      return found.value === undefined ? problem(c, NO_USER) : c.json(toProfile(found.value), 200);
    },
  )
  .put(
    '/profile',
    endpoint({
      access: ANY_SIGNED_IN,
      tag: 'Users',
      summary: 'Replace what you may change of your profile',
      answers: { 200: ProfileView },
      refuses: ['NOT_FOUND', 'ALREADY_EXISTS', 'UNAVAILABLE'],
    }),
    body(ProfileBody),
    async (c) => {
      const updated = await withPostgres(c.env, (db) => updateProfile(db, c.var.actor.userId, c.req.valid('json')));
      if (!updated.ok) return problem(c, updated.error);
      if (!updated.value.ok) return problem(c, taken(updated.value.error.field));
      return updated.value.value === undefined ? problem(c, NO_USER) : c.json(toProfile(updated.value.value), 200);
    },
  );

const NO_USER = refuse('NOT_FOUND', 'This user is not registered.');

function taken(field: string): Refusal<'ALREADY_EXISTS'> {
  return refuse('ALREADY_EXISTS', `Another user has this ${field}.`, { field });
}

/** The same answer after the same work, whether the user is unknown or the password wrong; suspension shows only to its owner. */
async function checkCredentials(
  user: User | undefined,
  password: string,
): Promise<Result<SignedInActor, Refusal<'WRONG_CREDENTIALS' | 'ACCOUNT_SUSPENDED'>>> {
  const right = await verifyPassword(password, user?.passwordHash ?? null);
  if (user === undefined || !right) return err(refuse('WRONG_CREDENTIALS', 'Check the phone, e-mail or password.'));
  const actor = toActor(user);
  if (user.status !== 'ACTIVE' || actor === null) {
    return err(refuse('ACCOUNT_SUSPENDED', 'This account is not active. Ask an operator.'));
  }
  return ok(actor);
}

/** `null` for a role whose binding is missing, which the database's checks rule out. */
function toActor({ id: userId, role, storeId, courierId, zoneId }: User): SignedInActor | null {
  switch (role) {
    case 'CUSTOMER':
      return { kind: 'customer', userId };
    case 'STAFF':
      return storeId === null ? null : { kind: 'staff', userId, storeId };
    case 'COURIER':
      return courierId === null || zoneId === null ? null : { kind: 'courier', userId, courierId, zoneId };
    case 'OPERATOR':
      return { kind: 'operator', userId };
  }
}

/** A client that names no device gets a name to keep beside its refresh token. */
async function openSession(
  c: Context<AppEnv>,
  actor: SignedInActor,
  deviceId: string = crypto.randomUUID(),
): Promise<Result<SessionView, Refusal<'UNAVAILABLE'>>> {
  const grant = await callObject(() => sessionStub(c.env, actor.userId).open(actor, deviceId));
  return grant.ok ? ok(await toSession(c, grant.value, deviceId)) : grant;
}

async function toSession(c: Context<AppEnv>, grant: RefreshGrant, deviceId: string): Promise<SessionView> {
  const { config, tokens } = authOf(c.env);
  return {
    tokenType: 'Bearer',
    accessToken: await tokens.issue(grant.actor, Date.now(), config.accessTokenTtlS),
    expiresIn: config.accessTokenTtlS,
    refreshToken: grant.refreshToken,
    refreshExpiresAt: toTimestamp(grant.expiresAtMs),
    deviceId,
    user: toPrincipal(grant.actor),
  };
}

const ROLES = { CUSTOMER: 'customer', STAFF: 'staff', COURIER: 'courier', OPERATOR: 'operator' } as const;

function toProfile(user: User): ProfileView {
  const { id, phone, email, name, role, createdAtMs } = user;
  return { id, phone, email, name, role: ROLES[role], createdAt: toTimestamp(createdAtMs) };
}
