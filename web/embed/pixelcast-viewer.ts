import { MEDIA_MODES, readMediaMode } from '../core/roaming/media-mode.ts';
import { embedMessage, readEmbedEvent } from './embed-protocol.ts';
import type { EmbedCommand, EmbedControl, EmbedEvent, EmbedState } from './embed-protocol.ts';

const ATTRIBUTES = ['gateway', 'room', 'source', 'mode', 'control', 'label'] as const;
/** What the frame may use of what this page may. */
const ALLOW = [
  ...['autoplay', 'fullscreen', 'picture-in-picture', 'gamepad', 'keyboard-map'],
  ...['clipboard-read', 'clipboard-write', 'screen-wake-lock'],
].join('; ');
/** A frame that was refused loads an error page, which says nothing. */
const ANSWER_MS = 5_000;
const UNANSWERED =
  'The gateway’s page did not answer. Is the origin of this page in its EMBED_ORIGINS?';
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * `<pixelcast-viewer room="…">`: a watch page of a gateway within another page. Attributes: `gateway`
 * (an origin; that of this module without), `room`, `source` (`main`), `mode` (`auto`, `webrtc` or
 * `websocket`: which way the picture may take), `control` (`off` hides it), `label` (for screen readers). The token is a property, so that it stands in no markup. Events:
 * `ready`, `statechange`, `controlchange`, `error` (its `message` says why nothing can be shown).
 */
export class PixelcastViewerElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;
  #token = '';
  #frame: HTMLIFrameElement | null = null;
  #address = '';
  #state: EmbedState | null = null;
  #controlState: EmbedControl | null = null;
  #isDue = false;
  #isReady = false;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const style = new CSSStyleSheet();
    style.replaceSync(
      ':host{display:block;aspect-ratio:16/10;min-width:240px}:host([hidden]){display:none}' +
        'iframe{display:block;width:100%;height:100%;border:0}',
    );
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [style];
  }

  /** A JWT with `watch`, and `control` where this viewer may ask for it. Settable at any time. */
  get token(): string {
    return this.#token;
  }

  set token(token: string) {
    this.#token = token;
    if (this.#isReady) this.#say({ type: 'token', token });
  }

  /** What plays; null until the frame has told. */
  get state(): EmbedState | null {
    return this.#state;
  }

  /** Who controls the machine; null until the frame has told. */
  get controlState(): EmbedControl | null {
    return this.#controlState;
  }

  play(): void {
    this.#say({ type: 'player', paused: false });
  }

  pause(): void {
    this.#say({ type: 'player', paused: true });
  }

  mute(): void {
    this.#say({ type: 'player', muted: true });
  }

  /** Browsers may want a click on the page before they let it sound. */
  unmute(): void {
    this.#say({ type: 'player', muted: false });
  }

  /** Asks for control, or a place in the queue; `controlchange` tells what came of it. */
  requestControl(): void {
    this.#say({ type: 'control', wish: 'request' });
  }

  /** Out of the queue. */
  cancelRequest(): void {
    this.#say({ type: 'control', wish: 'cancel' });
  }

  releaseControl(): void {
    this.#say({ type: 'control', wish: 'release' });
  }

  connectedCallback(): void {
    window.addEventListener('message', this.#hear);
    this.#reload();
  }

  disconnectedCallback(): void {
    window.removeEventListener('message', this.#hear);
    this.#frame?.remove();
    this.#frame = null;
    this.#address = '';
    this.#forget();
  }

  /** Several at once are one reload. */
  attributeChangedCallback(): void {
    if (this.#isDue || !this.isConnected) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected) this.#reload();
    });
  }

  #reload(): void {
    const address = this.#addressOf();
    if (typeof address === 'string') {
      this.#fail(address);
      return;
    }
    if (address.href === this.#address && this.#frame !== null) {
      this.#frame.title = this.#label;
      return;
    }
    this.#address = address.href;
    this.#frame?.remove();
    this.#forget();
    const frame = document.createElement('iframe');
    frame.allow = ALLOW;
    frame.allowFullscreen = true;
    frame.title = this.#label;
    frame.src = address.href;
    frame.addEventListener('load', () => this.#greet());
    this.#frame = frame;
    this.shadowRoot?.append(frame);
  }

  get #label(): string {
    return this.getAttribute('label') ?? 'Shared screen';
  }

  /** The frame's address, or a sentence that says what is wrong with the attributes. */
  #addressOf(): URL | string {
    const room = this.getAttribute('room') ?? '';
    const source = this.getAttribute('source') ?? 'main';
    const gateway = this.getAttribute('gateway') ?? import.meta.url;
    if (!NAME.test(room)) return '"room" must have 1 to 64 letters, digits, "_" and "-".';
    if (!NAME.test(source)) return '"source" must have 1 to 64 letters, digits, "_" and "-".';
    const mode = readMediaMode(this.getAttribute('mode') ?? 'auto');
    if (mode === null) return `"mode" must be one of ${MEDIA_MODES.join(', ')}.`;
    if (!URL.canParse(gateway)) return '"gateway" must be an address, e.g. https://cast.example.';
    const address = new URL(`/watch/${room}`, gateway);
    address.searchParams.set('embed', '1');
    if (source !== 'main') address.searchParams.set('source', source);
    if (mode !== 'auto') address.searchParams.set('mode', mode);
    if (this.getAttribute('control') === 'off') address.searchParams.set('control', 'off');
    return address;
  }

  #greet(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#fail(UNANSWERED), ANSWER_MS);
    this.#say({ type: 'hello', ...(this.#token === '' ? {} : { token: this.#token }) });
  }

  readonly #hear = ({ source, origin, data }: MessageEvent): void => {
    if (source === null || source !== this.#frame?.contentWindow) return;
    if (origin !== new URL(this.#address).origin) return;
    const event = readEmbedEvent(data);
    if (event !== null) this.#take(event);
  };

  #take(event: EmbedEvent): void {
    switch (event.type) {
      case 'ready':
        clearTimeout(this.#patience);
        this.#isReady = true;
        this.dispatchEvent(new Event('ready'));
        return;
      case 'state': {
        const { state, problem, picture, mode } = event;
        this.#state = { state, problem, picture, mode };
        this.dispatchEvent(new CustomEvent('statechange', { detail: this.#state }));
        return;
      }
      case 'control': {
        const { standing, place, drivers } = event;
        this.#controlState = { standing, place, drivers };
        this.dispatchEvent(new CustomEvent('controlchange', { detail: this.#controlState }));
        return;
      }
      case 'unsupported': {
        clearTimeout(this.#patience);
        this.#fail(`The gateway speaks other versions: ${event.versions.join(', ')}.`);
        return;
      }
      default:
        event satisfies never;
    }
  }

  #say(command: EmbedCommand): void {
    if (this.#address === '') return;
    const { origin } = new URL(this.#address);
    this.#frame?.contentWindow?.postMessage(embedMessage(command), origin);
  }

  #fail(message: string): void {
    this.dispatchEvent(new ErrorEvent('error', { message }));
  }

  #forget(): void {
    clearTimeout(this.#patience);
    this.#isReady = false;
    this.#state = null;
    this.#controlState = null;
  }
}

customElements.define('pixelcast-viewer', PixelcastViewerElement);
