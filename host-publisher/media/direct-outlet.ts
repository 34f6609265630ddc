import { randomBytes } from 'node:crypto';
import type { PictureSize, Tuning } from '../../gateway/protocol/host.ts';
import { DirectClients } from '../direct/direct-clients.ts';
import { RtpSource } from '../publish/rtp-source.ts';
import { EncodedCapture, type EncodedCaptureParts } from './encoded-capture.ts';
import { DirectFigureBook } from '../direct/direct-figure-book.ts';

const LOOK_MS = 250;
const FIGURES_MS = 1_000;

export type DirectOutletParts = Omit<
  EncodedCaptureParts,
  'mode' | 'publisher' | 'onRate' | 'askKeyframe'
>;

/** A capture's way out to clients: encoded once for all of them, and not at all for nobody. */
export class DirectOutlet {
  readonly clients: DirectClients;
  readonly #encoded: EncodedCapture;
  readonly #source: RtpSource;
  readonly #timers: readonly NodeJS.Timeout[];

  private constructor(parts: DirectOutletParts) {
    const { plan, encoder, tell } = parts;
    const encoded = new EncodedCapture({
      ...parts,
      publisher: 'native',
      mode: 'direct',
      onRate: (kbps) => this.clients.targetChanged(kbps),
      askKeyframe: () => this.#source.askKeyframe(),
    });
    this.#encoded = encoded;
    const { streams, pipeline, adaptation } = encoded;
    const book = new DirectFigureBook();
    const media = {
      codec: encoder.codec,
      video: streams.video,
      audio: streams.sound ? streams.audio : null,
      cname: randomBytes(8).toString('hex'),
      runningTimeNs: () => pipeline.runningTimeNs,
    };
    this.clients = new DirectClients(media, adaptation.picture.bitrateKbps, {
      onAnswer: (client, sdp) => tell({ type: 'direct-answer', client, sdp }),
      onCandidate: (client, candidate) => tell({ type: 'direct-candidate', client, candidate }),
      onFrame: (client, text) => tell({ type: 'direct-input', client, text }),
      onGone: (client, why) => tell({ type: 'direct-gone', client, why }),
      onConnected: (count) => {
        if (count > 0) encoded.flow();
        else encoded.rest();
        tell({ type: 'direct-connected', clients: count });
      },
      onKeyframeWish: () => this.#source.askKeyframe(),
    });
    this.#source = new RtpSource({
      ...{ pipeline, video: streams.video, sound: streams.sound },
      onPicture: (packet) => {
        book.count(packet);
        return this.clients.picture(packet);
      },
      onSound: (packet) => this.clients.sound(packet),
      onPictured: (mark, rtpTimestamp) => tell({ type: 'input-pictured', mark, rtpTimestamp }),
    });
    const { bitrateKbps: mostKbps } = plan.picture;
    this.#timers = [
      setInterval(() => {
        if (this.clients.connected > 0) adaptation.look(book.saw(this.clients.observe(mostKbps)));
      }, LOOK_MS),
      setInterval(() => {
        const targetKbps = adaptation.picture.bitrateKbps;
        const figures = book.take(this.clients, this.#source.keyframes, targetKbps);
        tell({ type: 'direct-figures', figures });
      }, FIGURES_MS),
    ];
  }

  static async open(parts: DirectOutletParts): Promise<DirectOutlet> {
    const outlet = new DirectOutlet(parts);
    try {
      await outlet.#encoded.pipeline.play();
      return outlet;
    } catch (error) {
      await outlet.close();
      throw error;
    }
  }

  /** Fails with the pipeline's error. */
  get ended(): Promise<string> {
    return this.#encoded.pipeline.ended.then(() => 'the pipeline has ended');
  }

  resize(size: PictureSize): void {
    this.#encoded.adaptation.resize(size);
  }

  tune(tuning: Tuning): void {
    this.#encoded.adaptation.tune(tuning);
  }

  /** The first picture that is captured from now on is told. */
  mark(inputId: number): void {
    this.#source.mark(inputId);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#encoded.stop();
    this.#source.close();
    this.clients.close();
    await this.#encoded.end();
  }
}
