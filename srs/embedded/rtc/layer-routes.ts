import type { RtpHeader } from './rtp/header.ts';
import { readExtension } from './rtp/header.ts';
import type { AgreedLayers } from './sdp/simulcast.ts';
import type { Source } from './source.ts';

/** A publisher has two SSRCs a layer, and may change them a few times. */
const MAX_SSRCS = 64;

/** Which layer a simulcast publisher's packet belongs to: by its SSRC, learned from its rid. */
export class LayerRoutes {
  readonly #bySsrc = new Map<number, Source>();
  readonly #byRid: ReadonlyMap<string, Source>;
  readonly #layers: AgreedLayers;

  /** `sources` are in the order of `layers.encodings`. */
  constructor(layers: AgreedLayers, sources: readonly Source[]) {
    this.#layers = layers;
    this.#byRid = new Map(
      layers.encodings.flatMap(({ rid }, index) => {
        const source = sources[index];
        return source === undefined ? [] : [[rid, source] as const];
      }),
    );
    layers.encodings.forEach(({ ssrc, rtxSsrc }, index) => {
      const source = sources[index];
      if (source === undefined) return;
      if (ssrc !== null) this.#bySsrc.set(ssrc, source);
      if (rtxSsrc !== null) this.#bySsrc.set(rtxSsrc, source);
    });
  }

  /** The layer of a packet; null while its SSRC has not been named (RFC 8852 §3). */
  find(packet: Buffer, header: RtpHeader, rtx: boolean): Source | null {
    const known = this.#bySsrc.get(header.ssrc);
    if (known !== undefined) return known;
    const id = rtx ? this.#layers.repairedId : this.#layers.ridId;
    const rid = id === null ? null : readExtension(packet, header, id)?.toString('latin1');
    const source = this.#byRid.get(rid ?? '') ?? null;
    if (source !== null && this.#bySsrc.size < MAX_SSRCS) this.#bySsrc.set(header.ssrc, source);
    return source;
  }
}
