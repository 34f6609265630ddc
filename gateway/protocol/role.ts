import { z } from 'zod';
import type { Action } from './grant.ts';
import { RoomId } from './ids.ts';

/** What an account is for. */
export const Role = z.enum(['admin', 'operator', 'presenter', 'viewer']);
export type Role = z.infer<typeof Role>;

/** What a role may do in the account's rooms. */
export const ROLE_ACTIONS = {
  admin: ['admin'],
  operator: ['publish', 'watch', 'control', 'host', 'operate'],
  presenter: ['publish', 'watch', 'control'],
  viewer: ['watch'],
} as const satisfies Record<Role, readonly Action[]>;

/** Where an account may do what its role says: everywhere, or in up to 64 rooms. */
export const Rooms = z.union([z.literal('*'), z.array(RoomId).min(1).max(64)]);
export type Rooms = z.infer<typeof Rooms>;
