import { DEFAULT_CONTROL_POLICY } from '../../../gateway/control/policy.ts';
import { freeControl, mayUse, type Lease } from '../../../gateway/control/state.ts';
import type { ControlPolicy, Device, ViewerId } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import type { HostCapabilities } from '../../../gateway/protocol/host.ts';
import type { InputFrame } from '../../../gateway/protocol/input.ts';
import type { ViewerEvent } from '../../../gateway/protocol/viewer.ts';
import { Host } from '../../../gateway/rooms/hosts/host.ts';
import { ClipboardBacklog } from '../../../gateway/rooms/input/clipboard-backlog.ts';
import type { InputControl } from '../../../gateway/rooms/input/input-control.ts';
import { InputDesk } from '../../../gateway/rooms/input/input-desk.ts';
import type { CommandRun, InputStage } from '../../../gateway/rooms/input/input-observer.ts';
import type { InputViewer } from '../../../gateway/rooms/input/input-viewer.ts';
import { aGrant, aRoom, aSource } from './a-gateway-core.ts';
import { FakeHostChannel } from './a-host-desk.ts';
import { aStatus, someCapabilities } from './test-socket.ts';

/** A viewer's socket that is none; what it has read is for the test to say. */
export class FakeInputViewer implements InputViewer {
  readonly id: string;
  readonly viewer = 'aaaaaaaaaa' as ViewerId;
  readonly grant = aGrant();
  readonly told: ViewerEvent[] = [];
  #unread: (() => void)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  send(event: ViewerEvent): void {
    this.told.push(event);
  }

  onceRead(act: () => void): void {
    this.#unread.push(act);
  }

  /** Has all that it was sent. */
  read(): void {
    for (const act of this.#unread.splice(0)) act();
  }

  heard<Type extends ViewerEvent['type']>(type: Type) {
    return this.told.filter((event) => event.type === type) as Extract<
      ViewerEvent,
      { type: Type }
    >[];
  }
}

/** A host's socket that is none; what it has read is for the test to say. */
export class UnreadHostChannel extends FakeHostChannel {
  #unread: (() => void)[] = [];

  override onceRead(act: () => void): void {
    this.#unread.push(act);
  }

  read(): void {
    for (const act of this.#unread.splice(0)) act();
  }

  types(): readonly string[] {
    return this.told.map(({ type }) => type);
  }
}

/** Input of one source, over a host, viewers and a control that are the test's. */
export class InputStand {
  readonly backlog = new ClipboardBacklog();
  readonly channel = new UnreadHostChannel();
  readonly verdicts: string[] = [];
  readonly contents: string[] = [];
  readonly stages: InputStage[] = [];
  readonly runs: CommandRun[] = [];
  readonly used: string[] = [];
  readonly passed: { readonly viewer: InputViewer; readonly frame: InputFrame }[] = [];
  readonly desk: InputDesk;
  readonly host: Host;
  readonly policy: ControlPolicy = { ...DEFAULT_CONTROL_POLICY };
  readonly #viewers: FakeInputViewer[] = [];
  #state = freeControl();

  constructor(capabilities: Partial<HostCapabilities> = {}) {
    const control: InputControl<FakeInputViewer> = {
      policy: this.policy,
      mayUse: ({ id }, device, epoch) => mayUse(this.#state, id, device, epoch),
      holderOf: (device) => this.#of(this.#present(device)),
      keeperOf: (device) => this.#of(this.#state.leases[device]),
      holderInEpoch: (epoch) =>
        this.#of(DEVICES.map((each) => this.#present(each)).find((each) => each?.epoch === epoch)),
      used: ({ id }) => void this.used.push(id),
    };
    const place = { room: aRoom('demo'), source: aSource('main') };
    this.desk = new InputDesk({
      place,
      control,
      backlog: this.backlog,
      observer: {
        judged: (_, verdict) => void this.verdicts.push(verdict),
        clipboard: (result) => void this.contents.push(result),
        took: (stage) => void this.stages.push(stage),
        ran: (run) => void this.runs.push(run),
      },
      tap: { passed: (_, viewer, frame) => void this.passed.push({ viewer, frame }) },
    });
    this.host = new Host({
      ...place,
      grant: aGrant(),
      channel: this.channel,
      capabilities: someCapabilities({ devices: [...DEVICES], clipboard: true, ...capabilities }),
      status: aStatus(),
      now: () => 0,
    });
    this.desk.setHost(this.host);
  }

  viewer(id: string): FakeInputViewer {
    const viewer = new FakeInputViewer(id);
    this.#viewers.push(viewer);
    return viewer;
  }

  /** Gives devices to a viewer in an epoch; null: to nobody. */
  grant(holder: string | null, epoch: number, devices: readonly Device[] = DEVICES): void {
    const times = { grantedAt: 0, usedAt: 0, absentSince: null };
    this.#change(devices, () => (holder === null ? null : { holder, epoch, ...times }));
  }

  /** All holders' sockets are lost. */
  lose(): void {
    this.#change(DEVICES, (lease) => lease && { ...lease, absentSince: 1 });
  }

  #change(devices: readonly Device[], change: (lease: Lease | null) => Lease | null): void {
    const leases = { ...this.#state.leases };
    for (const device of devices) leases[device] = change(leases[device]);
    this.#state = { ...this.#state, leases };
    this.desk.released(devices);
  }

  #present(device: Device): Lease | null {
    const lease = this.#state.leases[device];
    return lease?.absentSince === null ? lease : null;
  }

  #of(lease: Lease | null | undefined): FakeInputViewer | null {
    return this.#viewers.find(({ id }) => id === lease?.holder) ?? null;
  }
}

/** A frame with nothing in it. */
export const aFrame = (given: Partial<InputFrame> = {}): InputFrame => ({
  type: 'input/frame',
  epoch: 1,
  sequence: 1,
  at: 0,
  eventsBefore: 0,
  events: [],
  ...given,
});

export const NOTHING_HELD = { keys: [], buttons: 0, touches: [], gamepads: [] };

export const KEY_A = { code: 'KeyA', keysym: 97 };

/** A key goes down. */
export const aKeyFrame = (given: Partial<InputFrame> = {}): InputFrame =>
  aFrame({
    held: { ...NOTHING_HELD, keys: [KEY_A] },
    events: [{ type: 'key', ...KEY_A, down: true }],
    ...given,
  });

/** The parts of a content, as a page sends them. */
export function partsOf(
  content: Buffer,
  given: { readonly id?: number; readonly kind?: 'text/plain' | 'image/png' } = {},
) {
  const { id = 1, kind = 'text/plain' } = given;
  const size = 24 * 1024;
  const count = Math.max(1, Math.ceil(content.length / size));
  return Array.from({ length: count }, (_, index) => ({
    type: 'clipboard/part' as const,
    id,
    kind,
    bytes: content.length,
    offset: index * size,
    data: content.subarray(index * size, (index + 1) * size).toString('base64'),
  }));
}
