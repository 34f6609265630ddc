import { z } from 'zod';
import { Action, Actions } from '../grant.ts';
import { RoomId, SourceId } from '../ids.ts';
import { Role } from '../role.ts';
import { operation } from './operation.ts';
import { TokenReply } from './tokens.ts';
import { Password } from './users.ts';

/** Who asks, by whatever they are known. */
export const MeView = z.object({
  name: z.string(),
  /** Of a token: the role that comes closest. */
  role: Role,
  rooms: z.union([z.literal('*'), z.array(RoomId)]),
  can: z.array(Action),
  /** What a page sends as `X-CSRF-Token` with everything but GET; null without a login by cookie. */
  csrf: z.string().nullable(),
  /** Epoch milliseconds; null: never. */
  expiresAt: z.number().nullable(),
});
export type MeView = z.infer<typeof MeView>;

/** A page that is no form of another site: JSON, from our own origin. */
export const LoginRequest = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(256),
});
export type LoginRequest = z.infer<typeof LoginRequest>;

export const login = operation({
  id: 'login',
  method: 'POST',
  path: '/api/v1/login',
  tag: 'Login',
  summary: 'Log in with name and password',
  description:
    'Sets the cookie `__Host-pixelcast` (`pixelcast` without https). A login that the browser had before ends.',
  access: 'open',
  body: LoginRequest,
  reply: MeView,
  errors: ['password-invalid', 'origin-forbidden', 'capacity'],
});

export const logout = operation({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/logout',
  tag: 'Login',
  summary: 'Log out',
  description: 'Ends the login, its short tokens and their sessions.',
  access: 'look',
  reply: null,
});

export const getMe = operation({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  tag: 'Login',
  summary: 'Who asks, and what they may do',
  description: 'For whoever is known by a token, a password or a login; 401 for everybody else.',
  access: 'open',
  reply: MeView,
  errors: ['login-expired', 'token-invalid', 'token-expired', 'token-revoked'],
});

/** `ttlSeconds` 60 s to an hour. */
export const MyTokenRequest = z.strictObject({
  room: RoomId,
  sources: z.array(SourceId).min(1).max(16).exactOptional(),
  can: Actions,
  ttlSeconds: z.number().int().min(60).max(3600).default(3600),
});
export type MyTokenRequest = z.infer<typeof MyTokenRequest>;

export const mintMyToken = operation({
  id: 'mintMyToken',
  method: 'POST',
  path: '/api/v1/me/token',
  tag: 'Login',
  summary: 'A short token for oneself, for WHIP, WHEP and WebSockets',
  description:
    'For accounts. It opens sessions for an hour at most; those that are open go on until the login ends.',
  access: 'look',
  body: MyTokenRequest,
  reply: TokenReply,
  status: 201,
});

export const PasswordChange = z.strictObject({
  current: z.string().min(1).max(256),
  password: Password,
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const changeMyPassword = operation({
  id: 'changeMyPassword',
  method: 'POST',
  path: '/api/v1/me/password',
  tag: 'Login',
  summary: 'Change the own password',
  description: 'Ends all other logins of the account, and everything that it gave.',
  access: 'look',
  body: PasswordChange,
  reply: MeView,
  errors: ['password-invalid', 'capacity'],
});
