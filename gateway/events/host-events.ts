import type { Host } from '../rooms/hosts/host.ts';
import type { HostObserver } from '../rooms/hosts/host-seat.ts';
import type { EventBus } from './event-bus.ts';

/** Tells of machines that come and go. */
export function hostEvents(bus: EventBus): HostObserver {
  const tell = (type: 'host.online' | 'host.offline', host: Host): void => {
    const { room, source, grant, capabilities } = host;
    const { kind, version } = capabilities;
    bus.publish({ type, room, source, data: { subject: grant.subject, kind, version } });
  };
  return {
    connected: (host) => tell('host.online', host),
    disconnected: (host) => tell('host.offline', host),
    measured: () => undefined,
    commanded: () => undefined,
  };
}
