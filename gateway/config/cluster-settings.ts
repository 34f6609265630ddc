import { z } from 'zod';
import { isKept, SECRET_FILES } from './secret-store.ts';
import { secret } from './fields.ts';

/** Several gateways; part of `Settings`. */
export const ClusterSettings = z.object({
  CLUSTER_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'must have no query, fragment or password')
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/', 'must have no path')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'Where other gateways reach this one, e.g. `http://10.0.0.5:8080`; with `REDIS_URL` it is one of several. Empty: it is alone.',
    ),
  CLUSTER_SECRET: secret(32)
    .optional()
    .describe(
      'By what gateways know each other, 32 characters or more; the same at all. Default: made from `JWT_SECRET`.',
    ),
  GATEWAY_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must have 1 to 32 letters, digits, "-" or "_"')
    .optional()
    .describe(
      'Name of this gateway among several, in logs and lists; no two may share one. Default: drawn at each start.',
    ),
});

const SHARED_SECRETS = [
  ['JWT_SECRET', SECRET_FILES.jwt],
  ['HOOK_SECRET', SECRET_FILES.hook],
] as const;

/** What a gateway must have that is one of several. */
export function clusterProblems(settings: {
  readonly CLUSTER_URL?: string | undefined;
  readonly REDIS_URL?: unknown;
  readonly JWT_SECRET?: unknown;
  readonly HOOK_SECRET?: unknown;
  readonly DATA_DIR: string;
}): string[] {
  if (settings.CLUSTER_URL === undefined) return [];
  const problems: string[] = [];
  if (settings.REDIS_URL === undefined) problems.push('CLUSTER_URL: goes together with REDIS_URL');
  for (const [name, file] of SHARED_SECRETS) {
    // One that is created here is no other gateway's.
    if (settings[name] === undefined && !isKept(settings.DATA_DIR, file)) {
      problems.push(
        `${name}: must be set, or lie in DATA_DIR as "${file}", and be the same at all gateways of a cluster`,
      );
    }
  }
  return problems;
}
