import { SessionKind } from '../protocol/session-kind.ts';
import { Transport } from '../protocol/transport.ts';
import type { Registry } from '../rooms/registry.ts';
import type { Session } from '../rooms/session.ts';
import type { SessionObserver } from '../rooms/sessions.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One log line and the figures for each step in a session's life. */
export function recordSessions(log: Logger, metrics: Metrics, registry: Registry): SessionObserver {
  const gauge = (): void => {
    for (const kind of SessionKind.options) {
      for (const transport of Transport.options) {
        metrics.sessions.set({ kind, transport }, registry.count(kind, transport));
      }
    }
    metrics.rooms.set(registry.roomCount);
  };
  return {
    opened(session) {
      gauge();
      log.info({ ...name(session), ...codecs(session), node: session.nodeName }, 'session opened');
    },
    live(session) {
      log.info(name(session), 'session live');
    },
    adopted(session) {
      gauge();
      log.info({ ...name(session), node: session.nodeName }, 'session adopted');
    },
    handedOver(session) {
      gauge();
      log.info(name(session), 'session handed over');
    },
    ended(session, reason) {
      gauge();
      metrics.ended.inc({ kind: session.kind, transport: session.transport, reason });
      log.info({ ...name(session), reason }, 'session ended');
    },
  };
}

/** Of the media no more than this: it also holds the client's ICE user names. */
const codecs = ({ media }: Session) => ({
  video: media?.video ?? null,
  audio: media?.audio ?? null,
});

const name = ({ id, kind, room, source, grant, arrival }: Session) => ({
  session: id,
  kind,
  room,
  source,
  subject: grant.subject,
  jti: grant.tokenId,
  request: arrival.request,
  trace: arrival.span?.traceId,
});
