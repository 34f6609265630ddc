import { DEFAULT_CONTROL_POLICY } from '../../../gateway/control/policy.ts';
import { Policies } from '../../../gateway/rooms/control/policies.ts';
import type { RoomRecording } from '../../../gateway/protocol/room-recording.ts';
import type { HostCommand, HostMessage } from '../../../gateway/protocol/host.ts';
import type { ViewerEvent } from '../../../gateway/protocol/viewer.ts';
import { Arrivals } from '../../../gateway/rooms/hosts/arrivals.ts';
import type { Dismissal, HostChannel } from '../../../gateway/rooms/hosts/host-channel.ts';
import { HostDesk } from '../../../gateway/rooms/hosts/host-desk.ts';
import type { CommandResult, HostSeat } from '../../../gateway/rooms/hosts/host-seat.ts';
import type { InputObserver } from '../../../gateway/rooms/input/input-observer.ts';
import { sessionNews } from '../../../gateway/rooms/hosts/session-news.ts';
import { Sources } from '../../../gateway/rooms/hosts/sources.ts';
import type { ViewerChannel } from '../../../gateway/rooms/hosts/viewer-channel.ts';
import { ViewerDesk } from '../../../gateway/rooms/hosts/viewer-desk.ts';
import type { ViewerSeat } from '../../../gateway/rooms/hosts/viewer-seat.ts';
import { aCore, aGrant, aRoom, aSource, type GatewayCore } from './a-gateway-core.ts';
import { aStatus, someCapabilities } from './test-socket.ts';

/** A host's socket that is none: what it was told. */
export class FakeHostChannel implements HostChannel {
  readonly rttMs = 1;
  readonly told: HostCommand[] = [];
  dismissed: Dismissal | null = null;

  send(command: HostCommand): void {
    this.told.push(command);
  }

  onceRead(act: () => void): void {
    setImmediate(act);
  }

  dismiss(reason: Dismissal): void {
    this.dismissed = reason;
  }

  /** The demands that it was told. */
  get demands(): readonly number[] {
    return this.told.flatMap((each) => (each.type === 'media/demand' ? [each.viewers] : []));
  }

  count(type: HostCommand['type']): number {
    return this.told.filter((each) => each.type === type).length;
  }
}

/** A viewer's socket that is none; `isClear` false: it does not read. */
export class FakeViewerChannel implements ViewerChannel {
  readonly rttMs = null;
  isClear = true;
  readonly told: ViewerEvent[] = [];
  dismissed: Dismissal | null = null;

  send(event: ViewerEvent): void {
    this.told.push(event);
  }

  onceRead(act: () => void): void {
    setImmediate(act);
  }

  dismiss(reason: Dismissal): void {
    this.dismissed = reason;
  }
}

export interface JoinedHost {
  readonly channel: FakeHostChannel;
  readonly seat: HostSeat;
}

export interface JoinedViewer {
  readonly channel: FakeViewerChannel;
  readonly seat: ViewerSeat;
}

/** Looks at nothing. */
const NOBODY: InputObserver = {
  judged: () => undefined,
  clipboard: () => undefined,
  took: () => undefined,
  ran: () => undefined,
};

/** The middle of hosts and viewers beside a core. */
export class HostStage {
  readonly core: GatewayCore;
  readonly sources = new Sources({
    policies: new Policies(DEFAULT_CONTROL_POLICY),
    controlObserver: { changed: () => undefined, refused: () => undefined },
    inputObserver: NOBODY,
    inputTap: { passed: () => undefined },
  });
  readonly arrivals: Arrivals;
  readonly hosts: HostDesk;
  readonly viewers: ViewerDesk;
  readonly commands: CommandResult[] = [];
  reports = 0;
  recording: RoomRecording = { recording: false, unrecorded: [] };

  constructor(core: GatewayCore) {
    this.core = core;
    const { registry } = core;
    const { sources } = this;
    this.arrivals = new Arrivals({ registry, sources });
    const observer = {
      connected: () => undefined,
      disconnected: () => undefined,
      measured: () => undefined,
      commanded: (result: CommandResult) => void this.commands.push(result),
    };
    this.hosts = new HostDesk({ sources, observer, now: () => core.clock.now });
    this.viewers = new ViewerDesk({
      sources,
      registry,
      rules: { maxInAll: 10, maxPerRoom: 10 },
      onReport: () => void (this.reports += 1),
      onSteps: () => undefined,
      recordingOf: () => this.recording,
      now: () => performance.now(),
    });
    const { arrivals, hosts, viewers } = this;
    core.observers.push(sessionNews({ sources, arrivals, hosts, viewers }));
  }

  /** A host that has said hello. */
  join(given: Partial<Extract<HostMessage, { type: 'host/hello' }>> = {}): JoinedHost {
    const joined = this.claim();
    const capabilities = someCapabilities();
    joined.seat.take({ type: 'host/hello', capabilities, status: aStatus(), ...given });
    return joined;
  }

  /** A host's socket before its hello. */
  claim(subject = 'machine', source = 'main'): JoinedHost {
    const channel = new FakeHostChannel();
    const grant = aGrant({ subject, can: ['host', 'publish'] });
    const claim = { room: aRoom('demo'), source: aSource(source), grant };
    return { channel, seat: this.hosts.claim(claim, channel) };
  }

  /** A viewer that has said what it watches. */
  watch(source = 'main'): JoinedViewer {
    const channel = new FakeViewerChannel();
    const seat = this.viewers.claim({ room: aRoom('demo'), grant: aGrant() }, channel);
    seat.take({ type: 'viewer/watching', source: aSource(source), session: null }, 0);
    return { channel, seat };
  }
}

export const aHostStage = async (): Promise<HostStage> => new HostStage(await aCore());
