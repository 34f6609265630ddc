import { z } from 'zod';
import { useKey } from '../cluster/kept-names.ts';
import { TAKE_USE } from '../cluster/rows/row-scripts.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import type { CountUse } from './invitations.ts';

const SCRIPT = scriptOf(TAKE_USE);

/** Uses of invitations as Redis counts them; while it is away each gateway counts its own. */
export const countUses =
  (link: Pick<RedisLink, 'isReady' | 'run'>, now: () => number): CountUse =>
  async ({ id, used, uses, expiresAt }) => {
    if (!link.isReady) return undefined;
    const args = [used, uses, Math.max(1, expiresAt - now())].map(String);
    const counted = await link.run(SCRIPT, useKey(id), args).catch(() => undefined);
    return z.int().safeParse(counted).data;
  };
