import type { Host } from '../rooms/hosts/host.ts';
import type { HostObserver } from '../rooms/hosts/host-seat.ts';
import { recordHostFigures } from './host-figures.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One log line and the figures for each step in a host's life. */
export function recordHosts(log: Logger, metrics: Metrics): HostObserver {
  const measured = recordHostFigures(metrics.registry);
  return {
    measured,
    connected(host) {
      metrics.hosts.inc();
      const { kind, version } = host.capabilities;
      log.info({ ...name(host), kind, version }, 'host connected');
    },
    disconnected(host) {
      metrics.hosts.dec();
      log.info(name(host), 'host disconnected');
    },
    commanded(result) {
      metrics.hostCommands.inc({ result });
    },
  };
}

const name = ({ room, source, grant }: Host) => ({
  room,
  source,
  subject: grant.subject,
  jti: grant.tokenId,
});
