import type { AuditLog } from './audit/audit-log.ts';
import { InputChannels, type ChannelSettings } from './input-channel/input-channels.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { recordControl } from './observability/control-record.ts';
import { watchControl } from './observability/control-sums.ts';
import { recordHosts } from './observability/host-record.ts';
import { recordInput } from './observability/input-record.ts';
import type { ControlPolicy } from './protocol/control.ts';
import type { PlayerSteps } from './protocol/diary.ts';
import { ControlAdministration } from './rooms/control/administration.ts';
import { Policies } from './rooms/control/policies.ts';
import { Arrivals } from './rooms/hosts/arrivals.ts';
import { HostDesk } from './rooms/hosts/host-desk.ts';
import { sessionNews } from './rooms/hosts/session-news.ts';
import { Sources } from './rooms/hosts/sources.ts';
import { ViewerDesk, type ViewerRules } from './rooms/hosts/viewer-desk.ts';
import type { GrantHolders } from './rooms/expiry.ts';
import type { Registry } from './rooms/registry.ts';
import type { SessionObserver } from './rooms/sessions.ts';
import { HostSockets } from './ws/host-sockets.ts';
import { OpenSockets } from './ws/open-sockets.ts';
import { ViewerSockets } from './ws/viewer-sockets.ts';

/** WebSockets, and the part of the middle that they serve. */
export interface Sockets {
  readonly hostDesk: HostDesk;
  readonly arrivals: Arrivals;
  readonly control: ControlAdministration;
  readonly hostSockets: HostSockets;
  readonly viewerSockets: ViewerSockets;
  readonly open: OpenSockets;
  readonly sources: Sources;
  readonly observer: SessionObserver;
  readonly grantHolders: readonly GrantHolders[];
  readonly service: Service;
  /** Sizes of what clients can fill. */
  readonly tables: Readonly<Record<string, () => number>>;
}

export function createSockets(deps: {
  readonly registry: Registry;
  readonly viewerRules: ViewerRules;
  readonly channels: ChannelSettings;
  /** Of rooms that have none of their own. */
  readonly controlPolicy: ControlPolicy;
  /** A player tells how far one of its sessions came. */
  readonly onSteps: (steps: PlayerSteps) => void;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly audit: AuditLog;
  readonly now: () => number;
}): Sockets {
  const { registry, log, metrics, now } = deps;
  const policies = new Policies(deps.controlPolicy);
  const sources = new Sources({
    policies,
    controlObserver: recordControl(deps.audit, metrics),
    inputObserver: recordInput(metrics, deps.audit),
  });
  watchControl(metrics.registry, () => [...sources.all()].map(({ control }) => control.figures));
  const arrivals = new Arrivals({ registry, sources });
  const hostDesk = new HostDesk({ sources, observer: recordHosts(log, metrics), now });
  const viewerDesk = new ViewerDesk({
    sources,
    registry,
    rules: deps.viewerRules,
    onReport: () => metrics.viewerReports.inc(),
    onSteps: deps.onSteps,
    now: () => performance.now(),
  });
  const channels = new InputChannels(deps.channels, log);
  const open = new OpenSockets((kind, count, reason) => {
    metrics.sockets.set({ kind }, count);
    if (reason !== undefined) metrics.socketsEnded.inc({ kind, reason });
  });
  return {
    hostDesk,
    arrivals,
    hostSockets: new HostSockets({ desk: hostDesk, open }),
    viewerSockets: new ViewerSockets({ desk: viewerDesk, open, channels }),
    open,
    sources,
    control: new ControlAdministration({
      deskAt: (place) => sources.find(place)?.control,
      policies,
    }),
    grantHolders: [hostDesk, viewerDesk, sources],
    observer: sessionNews({ sources, arrivals, hosts: hostDesk, viewers: viewerDesk }),
    service: {
      name: 'sockets',
      start: () => undefined,
      close: async () => {
        arrivals.close();
        open.close();
        await channels.close();
      },
    },
    tables: {
      sources: () => sources.size,
      control_policies: () => policies.size,
      arrivals: () => arrivals.size,
      host_seats: () => hostDesk.size,
      viewer_seats: () => viewerDesk.size,
      input_channels: () => channels.size,
      sockets: () => open.size,
    },
  };
}
