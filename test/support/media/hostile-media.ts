import { readdirSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { aToken } from '../gateway/a-token.ts';
import { aMediaPublisher, aMediaViewer, type MediaViewer } from '../gateway/media-socket.ts';
import { startGateway, type GatewayUnderTest } from '../gateway/start-gateway.ts';
import type { TestSocket } from '../gateway/test-socket.ts';
import { waitFor } from '../wait-for.ts';
import { aStripe } from './a-stripe.ts';

const FRAME_MS = 50;
const TABLES = 'sessions|stripe_feeds|sockets|viewer_seats|host_seats';

/** A gateway with a good publisher and a good viewer in `demo`, whose pictures must go on all the while. */
export class HostileMedia {
  readonly gateway: GatewayUnderTest;
  readonly viewer: MediaViewer;
  readonly publisher: TestSocket;
  readonly #timer: NodeJS.Timeout;
  readonly #descriptors: number;
  #tables: readonly string[] = [];
  #frame = 0;

  static async open(env: Readonly<Record<string, string>> = {}): Promise<HostileMedia> {
    const { gateway } = await startGateway({ env });
    const publisher = await aMediaPublisher(gateway.url);
    const viewer = await aMediaViewer(gateway.url);
    const stage = new HostileMedia({ gateway, publisher, viewer });
    await stage.goesOn();
    stage.#tables = await stage.#readTables();
    return stage;
  }

  private constructor(parts: {
    gateway: GatewayUnderTest;
    publisher: TestSocket;
    viewer: MediaViewer;
  }) {
    this.gateway = parts.gateway;
    this.publisher = parts.publisher;
    this.viewer = parts.viewer;
    this.#timer = setInterval(() => this.#send(), FRAME_MS);
    this.#descriptors = descriptors();
    onTestFinished(() => clearInterval(this.#timer));
  }

  /** Waits until the good viewer has got pictures and sound that were sent after this call. */
  async goesOn(): Promise<void> {
    const sent = this.#frame;
    await waitFor(
      () => this.viewer.stripes.some(({ frame, isLast }) => isLast && frame > sent + 5),
      { timeoutMs: 15_000, what: 'pictures for the others' },
    );
    expect(this.viewer.closed).toBeNull();
    expect(this.publisher.closed).toBeNull();
    this.viewer.media.length = 0;
    this.viewer.stripes.length = 0;
  }

  /** Waits until nothing is left of who came and went: tables and descriptors are as before. */
  async isClean(): Promise<void> {
    await waitFor(async () => String(await this.#readTables()) === String(this.#tables), {
      timeoutMs: 20_000,
      what: `tables as before (${this.#tables.join(', ')})`,
    });
    await waitFor(() => descriptors() <= this.#descriptors + SPARE, {
      timeoutMs: 20_000,
      what: `descriptors as before (${this.#descriptors})`,
    });
  }

  /** A publisher of another source. */
  aPublisher(source: string): Promise<TestSocket> {
    const token = aToken({ sub: `of-${source}`, can: ['publish'] });
    return aMediaPublisher(this.gateway.url, { source, token });
  }

  /** A viewer that is as hostile as the test wants. */
  aViewer(): Promise<MediaViewer> {
    return aMediaViewer(this.gateway.url);
  }

  async #readTables(): Promise<readonly string[]> {
    const text = await (await fetch(new URL('/metrics', this.gateway.url))).text();
    const rows = [
      ...text.matchAll(new RegExp(`^pixelcast_table_entries{table="(${TABLES})"} (\\d+)`, 'gm')),
    ];
    expect(rows).toHaveLength(TABLES.split('|').length);
    return rows.map(([, name = '', size = '']) => `${name} ${size}`).toSorted();
  }

  #send(): void {
    const { socket } = this.publisher;
    const frame = (this.#frame += 1);
    socket.send(aStripe({ frame, bytes: 1_000 }));
    socket.send(aStripe({ frame, y: 64, bytes: 1_000, isLast: true }));
    const sound = { sequence: frame, capturedAtUs: frame * 20_000, payload: new Uint8Array(80) };
    socket.send(writeSound(sound));
  }
}

/** Connections of the metrics and of `fetch` that are kept open for a while. */
const SPARE = 4;

const descriptors = (): number => readdirSync('/proc/self/fd').length;
