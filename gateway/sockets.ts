import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import { recordHosts } from './observability/host-record.ts';
import { Arrivals } from './rooms/hosts/arrivals.ts';
import { HostDesk } from './rooms/hosts/host-desk.ts';
import { sessionNews } from './rooms/hosts/session-news.ts';
import { Sources } from './rooms/hosts/sources.ts';
import type { Registry } from './rooms/registry.ts';
import type { SessionObserver } from './rooms/sessions.ts';
import { HostSockets } from './ws/host-sockets.ts';
import { OpenSockets } from './ws/open-sockets.ts';

/** WebSockets, and the part of the middle that they serve. */
export interface Sockets {
  readonly hostDesk: HostDesk;
  readonly arrivals: Arrivals;
  readonly hostSockets: HostSockets;
  readonly observer: SessionObserver;
  readonly service: Service;
  /** Sizes of what clients can fill. */
  readonly tables: Readonly<Record<string, () => number>>;
}

export function createSockets(deps: {
  readonly registry: Registry;
  readonly log: Logger;
  readonly now: () => number;
}): Sockets {
  const { registry, log, now } = deps;
  const sources = new Sources();
  const arrivals = new Arrivals({ registry, sources });
  const hostDesk = new HostDesk({ sources, observer: recordHosts(log), now });
  const open = new OpenSockets(() => undefined);
  return {
    hostDesk,
    arrivals,
    hostSockets: new HostSockets({ desk: hostDesk, open }),
    observer: sessionNews({ sources, arrivals, hosts: hostDesk }),
    service: {
      name: 'sockets',
      start: () => undefined,
      close: () => {
        arrivals.close();
        open.close();
      },
    },
    tables: {
      sources: () => sources.size,
      arrivals: () => arrivals.size,
      host_sockets: () => open.count('host'),
    },
  };
}
