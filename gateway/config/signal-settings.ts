import { z } from 'zod';
import { redisUrl } from './fields.ts';

/** Direct sessions; part of `Settings`. */
export const SignalSettings = z.object({
  REDIS_URL: redisUrl()
    .optional()
    .describe(
      'Redis by which several gateways share direct sessions, and with `CLUSTER_URL` everything, e.g. `redis://redis:6379`. Empty: this gateway is alone.',
    ),
});
