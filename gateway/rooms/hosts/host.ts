import type { Grant } from '../../auth/grant.ts';
import type {
  AudienceReport,
  DirectFigures,
  HostCapabilities,
  HostCommand,
  HostFigures,
  HostMachine,
  HostStatus,
  HostView,
  StripesFigures,
  Tuning,
} from '../../protocol/host.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { HostChannel } from './host-channel.ts';
import { HostCommands } from './host-commands.ts';

/** Figures of a mode come each second while somebody watches by it; older ones say nothing. */
const FIGURES_KEPT_MS = 5_000;

interface Told<Figures> {
  readonly figures: Figures;
  readonly at: number;
}

export interface HostParts {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly channel: HostChannel;
  readonly capabilities: HostCapabilities;
  readonly status: HostStatus;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A machine whose socket has said hello: what it told, and what it is asked for. */
export class Host {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly channel: HostChannel;
  readonly capabilities: HostCapabilities;
  readonly connectedAt: number;
  status: HostStatus;
  /** As it last told; null: not yet. */
  machine: HostMachine | null = null;
  readonly #commands: HostCommands;
  readonly #now: () => number;
  #figures: Told<HostFigures> | null = null;
  #stripes: Told<StripesFigures> | null = null;
  #direct: Told<DirectFigures> | null = null;

  constructor({ room, source, grant, channel, capabilities, status, now }: HostParts) {
    this.room = room;
    this.source = source;
    this.grant = grant;
    this.channel = channel;
    this.capabilities = capabilities;
    this.status = status;
    this.connectedAt = now();
    this.#now = now;
    this.#commands = new HostCommands((command) => this.send(command));
  }

  /** Whether a viewer may bring this host to publish, or it is about to by itself. */
  get mayPublish(): boolean {
    const { state } = this.status;
    return this.capabilities.onDemand || state === 'starting' || state === 'live';
  }

  /** The modes in which it publishes instead, where it has no WebRTC; null where it has. */
  get insteadOfWebRtc(): readonly Transport[] | null {
    const { transports } = this.capabilities;
    return transports === undefined || transports.includes('webrtc') ? null : transports;
  }

  get hasClipboard(): boolean {
    return this.capabilities.clipboard;
  }

  send(command: HostCommand): void {
    this.channel.send(command);
  }

  /** Calls once the host has all that was sent until now. */
  onceRead(act: () => void): void {
    this.channel.onceRead(act);
  }

  setFigures(figures: HostFigures): void {
    this.#figures = { figures, at: this.#now() };
  }

  setStripesFigures(figures: StripesFigures): void {
    this.#stripes = { figures, at: this.#now() };
  }

  setDirectFigures(figures: DirectFigures): void {
    this.#direct = { figures, at: this.#now() };
  }

  /** Resolves when the host has taken it. @throws GatewayError */
  tune(tuning: Tuning): Promise<void> {
    return this.#commands.tune(tuning);
  }

  /** Runs one of its commands; resolves with what it says of it. @throws GatewayError */
  run(command: string): Promise<string> {
    return this.#commands.run(command);
  }

  /** What the host says of a command. */
  answer(result: { readonly id: string; readonly ok: boolean; readonly detail: string }): void {
    this.#commands.settle(result);
  }

  /** Its socket is gone. */
  close(): void {
    this.#commands.close();
  }

  toView(audience: AudienceReport | null): HostView {
    const figures = this.#figures;
    return {
      source: this.source,
      subject: this.grant.subject,
      connectedAt: this.connectedAt,
      capabilities: this.capabilities,
      status: this.status,
      figures: figures?.figures ?? null,
      figuresAgeMs: figures === null ? null : this.#now() - figures.at,
      stripes: this.#fresh(this.#stripes),
      direct: this.#fresh(this.#direct),
      audience,
      ...(this.machine === null ? {} : { machine: this.machine }),
      rttMs: this.channel.rttMs,
    };
  }

  #fresh<Figures>(told: Told<Figures> | null): Figures | null {
    return told !== null && this.#now() - told.at < FIGURES_KEPT_MS ? told.figures : null;
  }
}
