import { randomInt } from 'node:crypto';

import { writeHeader } from '../../../srs/embedded/rtc/rtp/header.ts';
import { readRtcp } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import { PAYLOAD_TYPES, writePeerOffer } from './peer-offer.ts';
import { connectPeer, PipePeer } from './pipe-peer.ts';
import { packetizeFrame } from './synthetic-frame.ts';

const RID_EXTENSION = 10;
const FPS = 30;
const PACKET_BYTES = 1_100;

export interface SimulcastOptions {
  readonly codec?: 'H264' | 'VP8';
  /** How layers are named: by rids in packets, or by the SSRCs of a group as older OBS clients do. */
  readonly named?: 'rid' | 'ssrc';
  /** Bits per second by name, lowest first. */
  readonly layers?: Readonly<Record<string, number>>;
}

interface SentLayer {
  readonly rid: string;
  readonly bitsPerSecond: number;
  readonly ssrc: number;
  sequence: number;
  timestamp: number;
  keyframeWanted: boolean;
  plis: number;
  picture: number;
  stopped: boolean;
}

/** A WHIP client that sends several synthetic encodings of one picture; video alone. */
export class SimulcastPublisher {
  readonly layers: readonly SentLayer[];
  readonly #options: SimulcastOptions;
  readonly #peer = new PipePeer((packet) => this.#receive(packet));
  #timer: NodeJS.Timeout | undefined;
  answer = '';

  constructor(options: SimulcastOptions = {}) {
    this.#options = options;
    const { layers = { q: 150_000, h: 500_000, f: 1_500_000 } } = options;
    this.layers = Object.entries(layers).map(([rid, bitsPerSecond]) => ({
      rid,
      bitsPerSecond,
      ssrc: randomInt(1, 0xffffffff),
      sequence: randomInt(0x10000),
      timestamp: randomInt(0xffffffff),
      keyframeWanted: true,
      plis: 0,
      picture: randomInt(0x8000),
      stopped: false,
    }));
  }

  static connect(
    exchange: (offer: string) => Promise<string>,
    options: SimulcastOptions = {},
  ): Promise<SimulcastPublisher> {
    return connectPeer(() => new SimulcastPublisher(options), exchange);
  }

  get connected(): Promise<void> {
    return this.#peer.connected;
  }

  layer(rid: string): SentLayer {
    const found = this.layers.find((layer) => layer.rid === rid);
    if (found === undefined) throw new Error(`no layer ${rid}`);
    return found;
  }

  async offer(): Promise<string> {
    const transport = await this.#peer.start();
    const sdp = writePeerOffer(
      { direction: 'sendonly', audio: false, videoCodecs: [this.#codec] },
      transport,
    );
    return `${sdp}${this.#layerLines().join('\r\n')}\r\n`;
  }

  accept(answer: string): void {
    this.answer = answer;
    this.#peer.accept(answer);
    void this.connected.then(
      () => {
        this.#timer = setInterval(() => this.#sendFrames(), 1_000 / FPS);
      },
      () => undefined,
    );
  }

  close(): void {
    clearInterval(this.#timer);
    this.#peer.close();
  }

  get #codec(): 'H264' | 'VP8' {
    return this.#options.codec ?? 'H264';
  }

  #layerLines(): string[] {
    if (this.#options.named === 'ssrc') {
      const ssrcs = this.layers.map(({ ssrc }) => ssrc);
      return [
        `a=ssrc-group:SIM ${ssrcs.join(' ')}`,
        ...ssrcs.flatMap((ssrc) => [
          `a=ssrc:${ssrc} cname:test-peer`,
          `a=ssrc:${ssrc} msid:test-stream video`,
        ]),
      ];
    }
    const rids = this.layers.map(({ rid }) => rid);
    return [
      `a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid`,
      `a=extmap:${RID_EXTENSION} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`,
      ...rids.map((rid) => `a=rid:${rid} send`),
      `a=simulcast:send ${rids.join(';')}`,
    ];
  }

  #sendFrames(): void {
    for (const layer of this.layers) if (!layer.stopped) this.#sendFrame(layer);
  }

  #sendFrame(layer: SentLayer): void {
    const key = layer.keyframeWanted;
    layer.keyframeWanted = false;
    layer.timestamp = (layer.timestamp + 90_000 / FPS) >>> 0;
    layer.picture = (layer.picture + 1) & 0x7fff;
    const bytes = Math.ceil(layer.bitsPerSecond / 8 / FPS);
    const payloads = packetizeFrame(this.#codec, { key, bytes, packetBytes: PACKET_BYTES });
    payloads.forEach((payload, index) => {
      const described = this.#codec === 'VP8' ? withPicture(payload, layer.picture) : payload;
      this.#send(layer, described, index === payloads.length - 1);
    });
  }

  #send(layer: SentLayer, payload: Buffer, marker: boolean): void {
    const named = this.#options.named !== 'ssrc';
    const extension = named ? ridExtension(layer.rid) : Buffer.alloc(0);
    const header = Buffer.alloc(12);
    layer.sequence = (layer.sequence + 1) & 0xffff;
    const { sequence, timestamp, ssrc } = layer;
    writeHeader(header, {
      ...{ marker, sequence, timestamp, ssrc },
      payloadType: PAYLOAD_TYPES[this.#codec],
    });
    if (named) header[0] = 0x90;
    this.#peer.send(Buffer.concat([header, extension, payload]));
  }

  #receive(packet: Buffer): void {
    for (const message of readRtcp(packet)) {
      if (message.type !== 'pli') continue;
      const layer = this.layers.find(({ ssrc }) => ssrc === message.ssrc);
      if (layer === undefined) continue;
      layer.plis += 1;
      layer.keyframeWanted = true;
    }
  }
}

/** RFC 8285 one-byte form, padded to a word. */
const ridExtension = (rid: string): Buffer => {
  const words = Math.ceil((1 + rid.length) / 4);
  const bytes = Buffer.alloc(4 + 4 * words);
  bytes.writeUInt16BE(0xbede, 0);
  bytes.writeUInt16BE(words, 2);
  bytes[4] = (RID_EXTENSION << 4) | (rid.length - 1);
  bytes.write(rid, 5, 'latin1');
  return bytes;
};

/** Puts a 15-bit picture id and TL0PICIDX into the descriptor (RFC 7741 §4.2). */
const withPicture = (payload: Buffer, picture: number): Buffer => {
  const numbers = Buffer.from([0xc0, 0x80 | (picture >> 8), picture & 0xff, picture & 0xff]);
  const first = Buffer.from([0x80 | (payload[0] ?? 0)]);
  return Buffer.concat([first, numbers, payload.subarray(1)]);
};
