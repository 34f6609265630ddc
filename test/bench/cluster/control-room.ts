import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import type { HostCommand, HostMessage } from '../../../gateway/protocol/host.ts';
import { HostSocket } from '../../../host-publisher/gateway/host-socket.ts';
import { HeldInput } from '../../../host-publisher/input/held-input.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ChaosRelay } from '../chaos-relay.ts';
import { ChaosViewer } from '../chaos-viewer.ts';
import { mint } from '../gateway-process.ts';

/** What became of input so far. */
export interface ControlCounts {
  readonly handOvers: number;
  readonly applied: number;
  /** Applied in an epoch though somebody had a newer one for a while. */
  readonly stale: number;
  /** Looks at which two took themselves for the holder, for longer than news are under way. */
  readonly split: number;
}

const VIEWERS = 3;
const FRAME_MS = 40;
const HANDOVER_MS = 700;
const LOOK_MS = 100;
/** News of a hand-over may be under way so long, by different sockets and gateways. */
const UNDER_WAY_MS = 500;
const KEPT = 20;
const TOKEN_SECONDS = 24 * 3600;
const ROOM = 'controlled';

const HELLO: HostMessage = {
  type: 'host/hello',
  capabilities: {
    ...{ version: '0', kind: 'desktop', encoders: [], publishers: ['native'], commands: [] },
    picture: { width: 640, height: 360, fps: 30, bitrateKbps: 1000 },
    ...{ sound: false, onDemand: true, cursor: false, clipboard: false, largestScreen: null },
    devices: [...DEVICES],
  },
  status: {
    ...{ state: 'idle', encoder: null, codec: null, publisher: null, picture: null },
    ...{ fixed: { bitrateKbps: null, fps: null, size: null, content: null }, message: null },
  },
};

/** A host with its agent's own socket and input, and viewers with the pages' control, who take turns. */
export class ControlRoom {
  readonly #host: HostSocket;
  readonly #input = new HeldInput();
  readonly #viewers: readonly ChaosViewer[];
  readonly #timers: readonly NodeJS.Timeout[];
  #appliedAtMs = Date.now();
  #longestGapMs = 0;
  /** Epochs that viewers had, and since when. */
  readonly #hadSinceMs = new Map<number, number>();
  #splitSinceMs: number | null = null;
  #handOvers = 0;
  #applied = 0;
  #stale = 0;
  #split = 0;
  #turn = 0;

  /** Resolves when input reaches the host. */
  static async open(url: string): Promise<ControlRoom> {
    const viewers = await Promise.all(
      Array.from({ length: VIEWERS }, async (_, at) => {
        const relay = await ChaosRelay.open(url, () => 'comes');
        const name = `controller-${at + 1}`;
        const token = mint(ROOM, ['admin'], name, TOKEN_SECONDS);
        return new ChaosViewer({ name, relay, room: ROOM, token });
      }),
    );
    const room = new ControlRoom(url, viewers);
    await waitFor(() => room.#applied > 0, { timeoutMs: 60_000, what: 'input to be applied' });
    room.takeGap();
    return room;
  }

  private constructor(url: string, viewers: readonly ChaosViewer[]) {
    this.#viewers = viewers;
    this.#host = new HostSocket({
      url: `${url.replace(/^http/, 'ws')}/ws/host/${ROOM}`,
      token: () => mint(ROOM, ['publish', 'host'], 'host', TOKEN_SECONDS),
      hello: () => HELLO,
      onCommand: (command) => this.#obey(command),
      onLost: () => void this.#input.disconnect(),
      onBarred: () => undefined,
      say: () => undefined,
    });
    this.#host.open();
    this.#timers = [
      setInterval(() => this.#send(), FRAME_MS),
      setInterval(() => this.#handOver(), HANDOVER_MS),
      setInterval(() => this.#look(), LOOK_MS),
    ];
  }

  get counts(): ControlCounts {
    return {
      ...{ handOvers: this.#handOvers, applied: this.#applied },
      ...{ stale: this.#stale, split: this.#split },
    };
  }

  /** The longest time without input since the last call, ms; hand-overs are in it. */
  takeGap(): number {
    const gapMs = Math.max(this.#longestGapMs, Date.now() - this.#appliedAtMs);
    this.#longestGapMs = 0;
    return gapMs;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const viewer of this.#viewers) viewer.close();
    await this.#host.close();
  }

  #obey(command: HostCommand): void {
    if (command.type === 'control/leases') this.#input.lease(command.leases);
    if (command.type !== 'input/frame') return;
    const nowMs = Date.now();
    if (this.#input.take(command, performance.now()) === null) return;
    this.#applied += 1;
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#appliedAtMs);
    this.#appliedAtMs = nowMs;
    const isStale = [...this.#hadSinceMs].some(
      ([epoch, sinceMs]) => epoch > command.epoch && nowMs - sinceMs > UNDER_WAY_MS,
    );
    if (isStale) this.#stale += 1;
  }

  #send(): void {
    for (const viewer of this.#viewers) {
      const { epoch } = viewer;
      if (epoch === null) continue;
      this.#note(epoch);
      viewer.drag();
      viewer.letGo();
    }
  }

  #note(epoch: number): void {
    if (this.#hadSinceMs.has(epoch)) return;
    this.#hadSinceMs.set(epoch, Date.now());
    const [oldest] = this.#hadSinceMs.keys();
    if (this.#hadSinceMs.size > KEPT && oldest !== undefined) this.#hadSinceMs.delete(oldest);
  }

  #look(): void {
    const holders = this.#viewers.filter(({ epoch }) => epoch !== null).length;
    this.#splitSinceMs = holders > 1 ? (this.#splitSinceMs ?? Date.now()) : null;
    const isSplit = this.#splitSinceMs !== null && Date.now() - this.#splitSinceMs > UNDER_WAY_MS;
    if (isSplit) this.#split += 1;
  }

  #handOver(): void {
    this.#turn += 1;
    const next = this.#viewers[this.#turn % this.#viewers.length];
    void next?.control.take().then(({ result }) => {
      if (result === 'granted') this.#handOvers += 1;
    });
  }
}
