import type {
  LayerChoice,
  MediaNode,
  NodeAnswer,
  NodeClient,
  InspectedClient,
  NodeFigures,
  NodeOffer,
  RecordingWish,
} from '../../../gateway/media/node.ts';
import { srsAnswer, type Served } from './srs-answer.ts';

/** A media server at the port that rooms see; it asks the hook before it answers. */
export class FakeNode implements MediaNode {
  readonly name: string;
  codecs: MediaNode['codecs'] = {
    video: ['h264', 'av1'],
    audio: ['opus'],
    layered: [],
    ssrcRequired: true,
    servesAbsentAudio: false,
  };
  service: string;
  /** Its hook: true lets the offer in. */
  onOffer: (offer: NodeOffer, clientId: string) => boolean = () => true;
  /** Errors for the next offers, after the hook; undefined lets one through. */
  readonly failures: (Error | undefined)[] = [];
  /** Offers wait here before their hook is called. */
  gate: Promise<unknown> = Promise.resolve();
  /** What it throws while it is away. */
  away: Error | undefined;
  served: Served = ['audio', 'video'];
  told: NodeFigures = {
    ...{ cpuShare: 0.25, memoryBytes: 64 * 1024 * 1024, sentBytes: 0, receivedBytes: 0 },
    ...{ clients: 0, uptimeSeconds: 60, eventLoopDelayMs: null, packets: null },
  };
  readonly listed = new Map<string, NodeClient>();
  readonly offers: NodeOffer[] = [];
  readonly released: string[] = [];
  readonly removed: string[] = [];
  readonly choices: LayerChoice[] = [];
  layerResult: 'chosen' | 'no-layer' = 'chosen';
  recordsOnRequest = false;
  readonly wishes: RecordingWish[] = [];
  closed = false;
  #count = 0;

  constructor(name = 'node-a', service = 'run-1') {
    this.name = name;
    this.service = service;
  }

  identify(): ReturnType<MediaNode['identify']> {
    if (this.away !== undefined) return Promise.reject(this.away);
    return Promise.resolve({ server: this.name, service: this.service, version: '6.0.157' });
  }

  record(wish: RecordingWish): Promise<void> {
    this.wishes.push(wish);
    return Promise.resolve();
  }

  async open(offer: NodeOffer): Promise<NodeAnswer> {
    this.offers.push(offer);
    await this.gate;
    const clientId = `${this.name}-client-${(this.#count += 1)}`;
    const { kind, room, source } = offer;
    this.listed.set(clientId, {
      clientId,
      kind,
      path: `${room}/${source}`,
      active: false,
      layers: [],
    });
    if (!this.onOffer(offer, clientId)) throw new Error('the hook refused');
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const options = { publishes: kind === 'publish', ufrag: '7x1o4p20', served: this.served };
    return {
      sdp: srsAnswer(offer.sdp, options),
      release: () => {
        this.released.push(clientId);
        this.listed.delete(clientId);
        return Promise.resolve();
      },
    };
  }

  figures(): Promise<NodeFigures> {
    return this.away === undefined ? Promise.resolve(this.told) : Promise.reject(this.away);
  }

  clients(): Promise<readonly NodeClient[]> {
    return Promise.resolve([...this.listed.values()]);
  }

  /** It tells its clients alone. */
  readonly inspection: MediaNode['inspection'] = {
    summary: () => Promise.reject(new Error('no summary')),
    streams: () => Promise.resolve([]),
    vhosts: () => Promise.resolve([]),
    clients: () => Promise.resolve([...this.listed.values()].map(toInspected)),
  };

  remove(clientId: string): Promise<boolean> {
    this.removed.push(clientId);
    return Promise.resolve(this.listed.delete(clientId));
  }

  chooseLayer(clientId: string, choice: LayerChoice): Promise<'chosen' | 'no-layer' | 'gone'> {
    this.choices.push(choice);
    return Promise.resolve(this.listed.has(clientId) ? this.layerResult : 'gone');
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** Media flows for this client. */
  activate(clientId: string): void {
    const client = this.listed.get(clientId);
    if (client !== undefined) this.listed.set(clientId, { ...client, active: true });
  }
}

const toInspected = ({ clientId, kind, path }: NodeClient): InspectedClient => ({
  id: clientId,
  path,
  vhost: '',
  type: kind === 'publish' ? 'rtc-publish' : 'rtc-play',
  publishes: kind === 'publish',
  address: '127.0.0.1',
  aliveSeconds: 0,
  receivedBytes: 0,
  sentBytes: 0,
  receivedKbps: 0,
  sentKbps: 0,
});
