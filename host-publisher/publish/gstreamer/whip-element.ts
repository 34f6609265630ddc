import { networkInterfaces } from 'node:os';
import type { Gst, Pointer } from '../../media/gstreamer/native.ts';
import type { Objects, UpstreamEvent } from '../../media/gstreamer/objects.ts';
import type { Pipeline } from '../../media/gstreamer/pipeline.ts';
import { ENCODED_ELEMENT, PACKER_OPTIONS, RTP_BYTES, WHIP_ELEMENT } from '../../media/outlet.ts';
import type { IceServer } from '../../media/plan.ts';
import { TRANSPORT_CC_ID, TRANSPORT_CC_URI } from '../offer.ts';

/** GStreamer's own elements that publish by WHIP. */
export type WhipElementName = 'whipclientsink' | 'whipsink';

/** The child of whipsink that carries the media. */
const WHIPSINK_PEER = 'whip-webrtcbin';
/** For whom whipclientsink makes the elements that it learns its offer from. */
const DISCOVERY = 'discovery';

export interface WhipElementParts {
  readonly gst: Gst;
  readonly objects: Objects;
  readonly pipeline: Pipeline;
  readonly element: WhipElementName;
  readonly codec: 'H264' | 'VP8';
  /** Sees what the server asks for and tells, while a thread of GStreamer waits: may it pass? */
  readonly pass: (event: UpstreamEvent) => boolean;
}

/** Texts of GStreamer about an element at work. */
export interface ElementView {
  /** Of the WebRTC peer: `new`, `connecting`, `connected`, `disconnected`, `failed` or `closed`. */
  readonly state: string;
  /** The `stats` of its RTP session; empty before there is one. */
  readonly session: string;
  /** The `stats` of what the encoded picture goes through. */
  readonly frames: string;
}

/** One of the two elements, with what differs between them. */
export class WhipElement {
  readonly #gst: Gst;
  readonly #objects: Objects;
  readonly #pipeline: Pipeline;
  readonly #name: WhipElementName;
  readonly #codec: 'H264' | 'VP8';
  readonly #pass: (event: UpstreamEvent) => boolean;
  #peer: Pointer | null = null;
  #session: Pointer | null = null;

  constructor({ gst, objects, pipeline, element, codec, pass }: WhipElementParts) {
    this.#gst = gst;
    this.#objects = objects;
    this.#pipeline = pipeline;
    this.#name = element;
    this.#codec = codec;
    this.#pass = pass;
    this.#listenAt(pipeline.element(ENCODED_ELEMENT));
    pipeline.onClosed(() => {
      for (const object of [this.#session, this.#peer]) if (object !== null) gst.unref(object);
    });
  }

  /** Before the pipeline plays. */
  configure(url: string, iceServers: readonly IceServer[]): void {
    const { element, set } = {
      element: this.#pipeline.element(WHIP_ELEMENT),
      set: this.#gst.setArgument,
    };
    const stun = iceServers.filter((server) => server.url.startsWith('stun')).map(toUri);
    const turn = iceServers.filter((server) => server.url.startsWith('turn')).map(toUri);
    if (this.#name === 'whipsink') {
      set(element, 'whip-endpoint', url);
      if (stun[0] !== undefined) set(element, 'stun-server', stun[0]);
      if (turn[0] !== undefined) set(element, 'turn-server', turn[0]);
      this.#take(this.#gst.getByName(element, WHIPSINK_PEER));
      return;
    }
    set(element, 'stun-server', stun[0] ?? '');
    if (turn.length > 0) set(element, 'turn-servers', `<${turn.map((uri) => `"${uri}"`).join()}>`);
    const signaller = this.#objects.readObject(element, 'signaller');
    if (signaller !== null) {
      set(signaller, 'whip-endpoint', url);
      set(signaller, 'timeout', '0');
      this.#gst.unref(signaller);
    }
    const consumer = this.#objects.onConsumer(element, (webrtcbin) => {
      this.#objects.ref(webrtcbin);
      this.#take(webrtcbin);
    });
    this.#pipeline.onClosed(consumer);
    this.#pipeline.onClosed(this.#objects.onPayloader(element, (...made) => this.#setUp(...made)));
  }

  /** As the project's own; what is offered is found out by the payloaders of the discovery. */
  #setUp(payloader: Pointer, id: string, pad: string): void {
    const set = this.#gst.setArgument;
    set(payloader, 'mtu', String(RTP_BYTES));
    const options = pad.startsWith('video') ? PACKER_OPTIONS[this.#codec] : [];
    for (const [name, value] of options) set(payloader, name, value);
    if (id === DISCOVERY) {
      this.#objects.addHeaderExtension(payloader, TRANSPORT_CC_URI, TRANSPORT_CC_ID);
    } else if (pad.startsWith('video')) {
      // What comes back goes no further up than here.
      this.#listenAt(payloader);
    }
  }

  /** Whether it still looks for the parameters of the codec. */
  get waitsForKeyframe(): boolean {
    return this.#peer === null;
  }

  /** What it is at now. */
  async look(): Promise<ElementView> {
    const frames = this.#objects.read(this.#pipeline.element(ENCODED_ELEMENT), 'stats');
    if (this.#peer === null) return { state: 'new', session: '', frames: await frames };
    this.#session ??= this.#findSession(this.#peer);
    const session = this.#session === null ? '' : this.#objects.read(this.#session, 'stats');
    const state = this.#objects.read(this.#peer, 'connection-state');
    return { state: await state, session: await session, frames: await frames };
  }

  /** ICE as the project's own publisher has it: all addresses, loopback too, and no UPnP. */
  #take(peer: Pointer | null): void {
    this.#peer = peer;
    if (peer === null) return;
    const rtpbin = this.#gst.getByName(peer, 'rtpbin');
    if (rtpbin !== null) {
      // Sender reports tell when a frame was captured: sound and picture meet by that, not by when
      // each of them was sent.
      this.#gst.setArgument(rtpbin, 'rtcp-sync-send-time', 'false');
      this.#gst.unref(rtpbin);
    }
    const ice = this.#objects.readObject(peer, 'ice-agent');
    if (ice === null) return;
    const agent = this.#objects.readObject(ice, 'agent');
    if (agent !== null) {
      this.#gst.setArgument(agent, 'upnp', 'false');
      this.#gst.setArgument(agent, 'ice-tcp', 'false');
      this.#gst.unref(agent);
    }
    for (const address of addresses()) this.#objects.addLocalAddress(ice, address);
    this.#gst.unref(ice);
  }

  #listenAt(element: Pointer): void {
    this.#pipeline.onClosed(this.#objects.onUpstream(element, this.#pass));
  }

  #findSession(peer: Pointer): Pointer | null {
    const rtpbin = this.#gst.getByName(peer, 'rtpbin');
    if (rtpbin === null) return null;
    const session = this.#objects.rtpSession(rtpbin, 0);
    this.#gst.unref(rtpbin);
    return session;
  }
}

function addresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flat()
    .filter((each) => each !== undefined)
    .filter((each) => each.family === 'IPv4' || each.scopeid === 0)
    .map(({ address }) => address);
}

/** `turn:host:port` with its credentials as libnice takes it: `turn://user:password@host:port`. */
function toUri({ url, username, credential }: IceServer): string {
  const [, scheme = 'stun', rest = ''] = /^(\w+):(.*)$/.exec(url) ?? [];
  const user = username === undefined ? '' : encodeURIComponent(username);
  const login = user === '' ? '' : `${user}:${encodeURIComponent(credential ?? '')}@`;
  return `${scheme}://${login}${rest}`;
}
