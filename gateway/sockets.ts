import type { AuditLog } from './audit/audit-log.ts';
import { controlEvents } from './events/control-events.ts';
import type { EventBus } from './events/event-bus.ts';
import { hostEvents } from './events/host-events.ts';
import { createJournals } from './create-journals.ts';
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
import type { RoomId } from './protocol/ids.ts';
import type { JournalDetail } from './protocol/journal.ts';
import type { RoomRecording } from './protocol/room-recording.ts';
import type { InputJournals } from './recordings/journal/input-journals.ts';
import { ControlAdministration } from './rooms/control/administration.ts';
import { controlObservers } from './rooms/control/control-observers.ts';
import { Policies } from './rooms/control/policies.ts';
import type { Epochs } from './rooms/hosts/epochs.ts';
import { Arrivals } from './rooms/hosts/arrivals.ts';
import { hostObservers } from './rooms/hosts/host-observers.ts';
import { HostDesk } from './rooms/hosts/host-desk.ts';
import { sessionNews } from './rooms/hosts/session-news.ts';
import type { SourcePlace } from './rooms/hosts/source-place.ts';
import { Sources } from './rooms/hosts/sources.ts';
import type { ObserveReport } from './rooms/hosts/viewer-seat.ts';
import { ViewerDesk, type ViewerRules } from './rooms/hosts/viewer-desk.ts';
import type { GrantHolders } from './rooms/expiry.ts';
import type { Registry } from './rooms/registry.ts';
import type { SessionObserver } from './rooms/sessions.ts';
import { traceControl } from './tracing/control-traces.ts';
import type { Tracer } from './tracing/span.ts';
import { HostSockets } from './ws/host-sockets.ts';
import { OpenSockets } from './ws/open-sockets.ts';
import { ViewerSockets } from './ws/viewer-sockets.ts';

/** WebSockets, and the part of the middle that they serve. */
export interface Sockets {
  readonly hostDesk: HostDesk;
  /** Viewers that hold control. */
  readonly controllers: () => number;
  readonly arrivals: Arrivals;
  readonly control: ControlAdministration;
  readonly hostSockets: HostSockets;
  readonly viewerSockets: ViewerSockets;
  readonly open: OpenSockets;
  readonly sources: Sources;
  readonly policies: Policies;
  /** Sockets of viewers and hosts. */
  readonly roomSockets: readonly [HostDesk, ViewerDesk];
  readonly journals: InputJournals;
  readonly observer: SessionObserver;
  readonly grantHolders: readonly GrantHolders[];
  /** Whether nobody is in a room by a socket, nor anything of it remembered. */
  readonly isEmpty: (room: RoomId) => boolean;
  readonly service: Service;
  /** Sizes of what clients can fill. */
  readonly tables: Readonly<Record<string, () => number>>;
}

export function createSockets(deps: {
  readonly registry: Registry;
  readonly viewerRules: ViewerRules;
  readonly channels: ChannelSettings;
  readonly epochs: Epochs;
  /** What another gateway must know of a source's control is otherwise. */
  readonly onControl: (place: SourcePlace) => void;
  readonly onPolicy: (place: SourcePlace) => void;
  /** Of rooms that have none of their own. */
  readonly controlPolicy: ControlPolicy;
  /** What of input is written beside recordings. */
  readonly journalDetail: JournalDetail;
  readonly recordingOf: (room: RoomId) => RoomRecording;
  /** A player tells how far one of its sessions came. */
  readonly onSteps: (steps: PlayerSteps) => void;
  /** A report of a player that counts came. */
  readonly onReport: ObserveReport;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly audit: AuditLog;
  readonly bus: EventBus;
  readonly tracer: Tracer;
  readonly now: () => number;
}): Sockets {
  const { registry, bus, log, metrics, now } = deps;
  const policies = new Policies(deps.controlPolicy, deps.onPolicy);
  const journals = createJournals({
    detail: deps.journalDetail,
    sources: (): Sources => sources,
    log,
  });
  const sources = new Sources({
    policies,
    controlObserver: controlObservers([
      recordControl(deps.audit, metrics),
      controlEvents(bus),
      traceControl(deps.tracer),
      journals,
    ]),
    inputObserver: recordInput(metrics, deps.audit),
    inputTap: journals,
    epochs: deps.epochs,
    onControl: deps.onControl,
  });
  const controlFigures = () => [...sources.all()].map(({ control }) => control.figures);
  watchControl(metrics.registry, controlFigures);
  const arrivals = new Arrivals({ registry, sources });
  const observer = hostObservers([recordHosts(log, metrics), hostEvents(bus)]);
  const hostDesk = new HostDesk({ sources, observer, now });
  const viewerDesk = new ViewerDesk({
    sources,
    registry,
    rules: deps.viewerRules,
    onReport: deps.onReport,
    onSteps: deps.onSteps,
    recordingOf: deps.recordingOf,
    now: () => performance.now(),
  });
  bus.subscribe((event) => {
    if (event.type === 'recording.started' || event.type === 'recording.stopped') {
      viewerDesk.recordingChanged(event.room);
    }
  });
  const channels = new InputChannels(deps.channels, log);
  const open = new OpenSockets((kind, count, reason) => {
    metrics.sockets.set({ kind }, count);
    if (reason !== undefined) metrics.socketsEnded.inc({ kind, reason });
  });
  return {
    hostDesk,
    controllers: () => controlFigures().reduce((sum, { holders }) => sum + holders, 0),
    arrivals,
    hostSockets: new HostSockets({ desk: hostDesk, open }),
    viewerSockets: new ViewerSockets({ desk: viewerDesk, open, channels }),
    open,
    sources,
    policies,
    roomSockets: [hostDesk, viewerDesk],
    isEmpty: (room) =>
      sources.ofRoom(room).length === 0 && !viewerDesk.hasViewers(room) && !policies.hasRoom(room),
    journals,
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
        await Promise.all([channels.close(), journals.close()]);
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
