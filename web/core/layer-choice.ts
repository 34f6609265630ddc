import type { LayerRequest, LayersEvent } from '../../gateway/protocol/layers.ts';
import type { BrowserPort } from './browser-port.ts';
import { Observable } from './observable.ts';

/** Relation of the WHEP layer selection extension. */
export const LAYERS_REL = 'urn:ietf:params:whep:ext:core:layer';

/** One size of the picture. */
export interface PictureLayer {
  readonly rid: string;
  /** Lines of the picture. */
  readonly height: number;
  /** False while its publisher holds it back. */
  readonly sent: boolean;
}

/** What a viewer may take, and what it wants. */
export interface LayerMenu {
  /** Largest first; empty where there is nothing to choose from. */
  readonly layers: readonly PictureLayer[];
  /** A `rid`; null leaves it to the server. */
  readonly chosen: string | null;
}

const REQUEST_TIMEOUT_MS = 8_000;

/**
 * Which layer of a simulcast source a viewer gets. A choice stays through reconnects for as long as
 * the source has that layer.
 */
export class LayerChoice {
  readonly menu = new Observable<LayerMenu>({ layers: [], chosen: null });
  readonly #port: BrowserPort;
  #url: string | null = null;
  #mediaId = '';
  /** What the session in use was told last, and what it took. */
  #told: string | null = null;
  #taken: string | null = null;
  /** One request after the other: the last choice is the one that counts. */
  #requests: Promise<void> = Promise.resolve();

  constructor(port: BrowserPort) {
    this.#port = port;
  }

  /** Belongs to another session from now on; null where layers cannot be chosen. */
  attach(url: string | null): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#forget();
    this.menu.set({ layers: [], chosen: this.menu.value.chosen });
  }

  /** The session's event `layers`. */
  handleLayers(event: LayersEvent): void {
    const [entry] = Object.entries(event);
    if (entry === undefined || this.#url === null) return;
    const [mediaId, media] = entry;
    this.#mediaId = mediaId;
    const sent = media.active.map(({ encodingId }) => encodingId);
    const known = [...sent, ...media.inactive.map(({ id }) => id)];
    if (known.length === 0) this.#forget();
    const { layers: before, chosen } = this.menu.value;
    const isKept = known.length === 0 || known.some((rid) => rid === chosen);
    this.menu.set({ layers: readLayers(media, before), chosen: isKept ? chosen : null });
    this.#tellInTime(sent);
  }

  /** Takes one layer, or leaves it to the server; a refusal shows as the choice of before. */
  choose(rid: string | null): void {
    this.menu.set({ ...this.menu.value, chosen: rid });
    this.#tell(rid);
  }

  #forget(): void {
    this.#told = null;
    this.#taken = null;
  }

  /** A new session, or a source that came back, has yet to hear what was chosen. */
  #tellInTime(sent: readonly string[]): void {
    const { chosen } = this.menu.value;
    if (chosen === this.#told) return;
    if (chosen === null || sent.includes(chosen)) this.#tell(chosen);
  }

  #tell(rid: string | null): void {
    const url = this.#url;
    if (url === null) return;
    this.#told = rid;
    this.#requests = this.#requests.then(async () => {
      if (this.#url !== url || this.#told !== rid) return;
      const isTaken = await this.#request(url, rid);
      if (this.#url !== url) return;
      if (isTaken) this.#taken = rid;
      if (isTaken || this.#told !== rid) return;
      this.#told = this.#taken;
      this.menu.set({ ...this.menu.value, chosen: this.#taken });
    });
  }

  async #request(url: string, rid: string | null): Promise<boolean> {
    const timeout = { cache: 'no-store', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) } as const;
    try {
      const response =
        rid === null
          ? await this.#port.fetch(url, { method: 'DELETE', ...timeout })
          : await this.#port.fetch(url, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ mediaId: this.#mediaId, rid } satisfies LayerRequest),
              ...timeout,
            });
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** A layer that is held back keeps the size that it had; one without a size is not shown. */
function readLayers(
  { active, inactive }: LayersEvent[string],
  before: readonly PictureLayer[],
): readonly PictureLayer[] {
  const sent = active.flatMap(({ encodingId: rid, height }) =>
    height === undefined ? [] : [{ rid, height, sent: true }],
  );
  const held = before
    .filter(({ rid }) => inactive.some(({ id }) => id === rid))
    .map((layer) => ({ ...layer, sent: false }));
  const layers = [...sent, ...held].toSorted((a, b) => b.height - a.height);
  return layers.length > 1 ? layers : [];
}
