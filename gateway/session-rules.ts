import type { Config } from './config/load.ts';
import type { SessionRules } from './rooms/sessions.ts';

/** How many sessions there may be, and whether viewers may come first. */
export const sessionRules = (config: Config): SessionRules => ({
  maxSessions: config.MAX_SESSIONS,
  maxViewersPerRoom: config.MAX_VIEWERS_PER_ROOM,
  maxSessionsPerRoom: config.MAX_SESSIONS_PER_ROOM,
  maxSessionsPerSubject: config.MAX_SESSIONS_PER_SUBJECT,
  maxHalfOpenPerSubject: config.MAX_HALF_OPEN_PUBLISHES,
  withoutPublisher: config.WHEP_WITHOUT_PUBLISHER,
});
