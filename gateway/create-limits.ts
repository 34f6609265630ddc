import type { Config } from './config/load.ts';
import { RateLimits } from './http/rate-limit.ts';

/** Budgets of requests, as configured. */
export const createLimits = (config: Config): RateLimits =>
  new RateLimits({
    requests: config.RATE_LIMIT_PER_MINUTE,
    failures: config.FAILED_LOGINS_PER_MINUTE,
    subjectPublishes: config.SUBJECT_PUBLISHES_PER_MINUTE,
    subjectOffers: config.SUBJECT_OFFERS_PER_MINUTE,
    roomOffers: config.ROOM_OFFERS_PER_MINUTE,
  });
