import { z } from 'zod';
import { Role, Rooms } from '../role.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

/** The name of an account: letters and digits, with blanks and `. _ @ + -` between them. */
export const UserName = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._@+-]{0,62}[\p{L}\p{M}\p{N}])?$/u,
    'must be 1 to 64 letters and digits, with blanks and . _ @ + - between them',
  );

/** 12 to 256 characters, whichever. */
export const Password = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(256, 'must have at most 256 characters');

/** One account. Times are epoch milliseconds. */
export const UserView = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  rooms: Rooms,
  disabled: z.boolean(),
  createdAt: z.number(),
  lastLoginAt: z.number().nullable(),
  /** What `ETag` says, in quotes, of this account alone. */
  version: z.number().int(),
});
export type UserView = z.infer<typeof UserView>;

export const UserCreation = z.strictObject({
  name: UserName,
  password: Password,
  role: Role,
  rooms: Rooms,
});
export type UserCreation = z.infer<typeof UserCreation>;

/** What is absent stays. */
export const UserChange = z
  .strictObject({
    password: Password.exactOptional(),
    role: Role.exactOptional(),
    rooms: Rooms.exactOptional(),
    disabled: z.boolean().exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'name what to change');
export type UserChange = z.infer<typeof UserChange>;

const UserParams = z.object({ id: z.string().max(64) });

export const listUsers = operation({
  id: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  tag: 'Users',
  summary: 'Accounts, by name',
  description: '`q` searches names.',
  access: 'global-admin',
  query: PageQuery,
  reply: page(UserView),
});

export const createUser = operation({
  id: 'createUser',
  method: 'POST',
  path: '/api/v1/users',
  tag: 'Users',
  summary: 'Create an account',
  access: 'global-admin',
  body: UserCreation,
  reply: UserView,
  status: 201,
  errors: ['name-taken', 'capacity'],
});

export const getUser = operation({
  id: 'getUser',
  method: 'GET',
  path: '/api/v1/users/:id',
  tag: 'Users',
  summary: 'An account',
  access: 'global-admin',
  params: UserParams,
  reply: UserView,
  etag: true,
  errors: ['not-found'],
});

export const changeUser = operation({
  id: 'changeUser',
  method: 'PATCH',
  path: '/api/v1/users/:id',
  tag: 'Users',
  summary: 'Change an account',
  description:
    'Ends its logins, the tokens and invitations that it gave, and their sessions, within 2 s. The last full administrator stays.',
  access: 'global-admin',
  params: UserParams,
  body: UserChange,
  reply: UserView,
  etag: true,
  errors: ['not-found', 'last-admin', 'capacity'],
});

export const deleteUser = operation({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/api/v1/users/:id',
  tag: 'Users',
  summary: 'Delete an account',
  description: 'Ends what a change of it ends. The last full administrator stays.',
  access: 'global-admin',
  params: UserParams,
  reply: null,
  etag: true,
  errors: ['not-found', 'last-admin'],
});
