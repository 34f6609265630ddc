import { ByteMeter } from './byte-meter.ts';
import type { MediaKind, MediaStats } from './media.ts';
import { randomText } from './random-text.ts';
import type { StreamName } from './stream-name.ts';

export interface VhostEntry {
  readonly id: string;
  readonly name: string;
  readonly meter: ByteMeter;
}

/** Lives while somebody publishes or plays it; its id dies with it. */
export interface StreamEntry {
  readonly id: string;
  readonly name: StreamName;
  readonly vhost: VhostEntry;
  readonly meter: ByteMeter;
  readonly clientIds: Set<string>;
  /** The client that publishes or published last; `active` from DTLS on until it leaves. */
  publisher: { readonly clientId: string; readonly active: boolean } | null;
  videoFrames: number;
}

export interface ClientEntry {
  readonly id: string;
  readonly kind: MediaKind;
  readonly ip: string;
  readonly param: string;
  readonly mediaId: string;
  readonly joinedAt: number;
  readonly stream: StreamEntry;
  readonly meter: ByteMeter;
  framesSeen: number;
}

/** What SRS calls statistics: who is here, on which stream, and how many bytes went which way. */
export class Roster {
  readonly meter = new ByteMeter();
  readonly #vhosts = new Map<string, VhostEntry>();
  readonly #streams = new Map<string, StreamEntry>();
  readonly #clients = new Map<string, ClientEntry>();
  readonly #statsOf: (mediaId: string) => MediaStats | null;
  clientsEver = 0;
  errorsEver = 0;

  constructor(statsOf: (mediaId: string) => MediaStats | null) {
    this.#statsOf = statsOf;
  }

  join(
    client: Pick<ClientEntry, 'id' | 'kind' | 'ip' | 'param' | 'mediaId'>,
    name: StreamName,
  ): ClientEntry {
    const stream = this.#streamFor(name);
    const entry: ClientEntry = {
      ...client,
      stream,
      joinedAt: Date.now(),
      meter: new ByteMeter(),
      framesSeen: 0,
    };
    this.#clients.set(entry.id, entry);
    stream.clientIds.add(entry.id);
    if (entry.kind === 'publish') stream.publisher = { clientId: entry.id, active: false };
    this.clientsEver += 1;
    return entry;
  }

  /** The publisher's DTLS is up. */
  activate(client: ClientEntry): void {
    if (client.kind === 'publish') client.stream.publisher = { clientId: client.id, active: true };
  }

  /** Takes the last byte counts first, so call it before the media session is closed. */
  leave(client: ClientEntry): void {
    if (!this.#clients.has(client.id)) return;
    this.#count(client);
    this.#clients.delete(client.id);
    const { stream } = client;
    stream.clientIds.delete(client.id);
    if (stream.publisher?.clientId === client.id) {
      stream.publisher = { clientId: client.id, active: false };
    }
    if (stream.clientIds.size === 0) this.#streams.delete(stream.name.key);
  }

  client(id: string): ClientEntry | undefined {
    return this.#clients.get(id);
  }

  stream(key: string): StreamEntry | undefined {
    return this.#streams.get(key);
  }

  vhosts(): VhostEntry[] {
    return [...this.#vhosts.values()];
  }

  /** Ordered by id, as SRS's maps are. */
  streams(): StreamEntry[] {
    return [...this.#streams.values()].sort(byId);
  }

  clients(): ClientEntry[] {
    return [...this.#clients.values()].sort(byId);
  }

  streamCount(): number {
    return this.#streams.size;
  }

  clientCount(): number {
    return this.#clients.size;
  }

  /** Brings all counters up to date with the media side. */
  count(): void {
    for (const client of this.#clients.values()) this.#count(client);
  }

  /** Call every few seconds, for the 30-second averages. */
  sample(nowMs: number): void {
    this.count();
    const metered = [
      ...this.#vhosts.values(),
      ...this.#streams.values(),
      ...this.#clients.values(),
    ];
    for (const { meter } of [this, ...metered]) meter.sample(nowMs);
  }

  #count(client: ClientEntry): void {
    const stats = this.#statsOf(client.mediaId);
    if (stats === null) return;
    const sent = stats.sendBytes - client.meter.sentBytes;
    const received = stats.recvBytes - client.meter.receivedBytes;
    for (const { meter } of [client, client.stream, client.stream.vhost, this])
      meter.add(sent, received);
    if (client.kind === 'publish') client.stream.videoFrames += stats.frames - client.framesSeen;
    client.framesSeen = stats.frames;
  }

  #streamFor(name: StreamName): StreamEntry {
    const known = this.#streams.get(name.key);
    if (known !== undefined) return known;
    const stream: StreamEntry = {
      id: `vid-${randomText(7)}`,
      name,
      vhost: this.#vhostFor(name.vhost),
      meter: new ByteMeter(),
      clientIds: new Set(),
      publisher: null,
      videoFrames: 0,
    };
    this.#streams.set(name.key, stream);
    return stream;
  }

  #vhostFor(name: string): VhostEntry {
    const known = this.#vhosts.get(name);
    if (known !== undefined) return known;
    const vhost = { id: `vid-${randomText(7)}`, name, meter: new ByteMeter() };
    this.#vhosts.set(name, vhost);
    return vhost;
  }
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : 1;
