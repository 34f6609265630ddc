import type { Host } from '../rooms/hosts/host.ts';
import type { HostObserver } from '../rooms/hosts/host-seat.ts';
import type { Logger } from './logger.ts';

/** One log line for each step in a host's life. */
export function recordHosts(log: Logger): HostObserver {
  return {
    connected(host) {
      const { kind, version } = host.capabilities;
      log.info({ ...name(host), kind, version }, 'host connected');
    },
    disconnected(host) {
      log.info(name(host), 'host disconnected');
    },
  };
}

const name = ({ room, source, grant }: Host) => ({
  room,
  source,
  subject: grant.subject,
  jti: grant.tokenId,
});
