import { HostControl } from '../../core/control/host-control.ts';
import type { ControlChannel } from '../../core/control/input-way.ts';
import { InputCapture } from '../../core/control/input-capture.ts';
import type { CaptureState } from '../../core/control/input-capture.ts';
import { Observable } from '../../core/observable.ts';
import type { PaintedPicture } from '../../core/stripes/painted-picture.ts';
import type { ViewerSocket } from '../../core/viewer-socket.ts';
import type { Picture } from '../picture.ts';
import { wearHostCursor } from './local-cursor.ts';
import { StickyKeys } from './sticky-keys.ts';
import { followViewport } from './viewport-wish.ts';
import { isWayOut } from './way-out.ts';

const LABEL = 'Keyboard of the shared machine. Ctrl, Alt, Shift and Z together lead out.';
const AT_REST: CaptureState = {
  hasKeys: false,
  isPointerLocked: false,
  showsKeyboard: false,
  touchMode: 'pointer',
};
const LARGEST_ZOOM = 4;

/** What a page that may drive a host is made of; it captures only while it holds devices. */
export class Drive {
  readonly control: HostControl;
  readonly keys: StickyKeys;
  /** What of this page goes to the host. */
  readonly capture = new Observable<CaptureState>(AT_REST);
  /** Whether the host's screen follows this window. */
  readonly followsWindow = new Observable(false);
  /** How many times as large the picture is shown, by a pinch. */
  readonly zoom = new Observable({ factor: 1, x: 0, y: 0 });
  readonly #socket: ViewerSocket;
  readonly #wayOut = new Set<() => void>();
  #input: InputCapture | null = null;
  #stage: HTMLElement | null = null;
  #offViewport: (() => void) | null = null;

  /** `channel`: for input beside the socket; the gateway's when absent. */
  constructor(socket: ViewerSocket, channel?: ControlChannel) {
    this.#socket = socket;
    this.control = new HostControl(socket, channel);
    this.keys = new StickyKeys(this.control.sender);
  }

  /** The capture that is attached; null: none. */
  get input(): InputCapture | null {
    return this.#input;
  }

  /** Captures what happens over a picture, until the returned function is called. */
  attach(
    stage: HTMLElement,
    picture: Picture,
    painted: Observable<PaintedPicture | null>,
  ): () => void {
    const { clipboard, sender, latency, client } = this.control;
    const { cursorShape } = this.#socket;
    const input = new InputCapture({
      stage,
      picture,
      sender: this.keys,
      clipboard,
      label: LABEL,
      hostWidth: () => cursorShape.value?.pictureWidth ?? null,
      keeps: (event) => this.#keeps(event),
      pinched: (factor, x, y) => this.#pinch(factor, x, y),
    });
    this.#input = input;
    this.#stage = stage;
    let undress: (() => void) | null = null;
    const dress = () => {
      const isHeld = client.leases.value.pointer !== null;
      if (isHeld) undress ??= wearHostCursor(stage, cursorShape, () => picture.element.clientWidth);
      if (isHeld) return;
      undress?.();
      undress = null;
      this.follow(false);
    };
    dress();
    const off = [
      input.state.subscribe(() => this.capture.set(input.state.value)),
      sender.leases.subscribe(dress),
      latency.watch(picture.video),
      latency.watchCanvas(painted),
    ];
    return () => {
      this.follow(false);
      undress?.();
      for (const each of off) each();
      input.close();
      this.#input = null;
      this.#stage = null;
      this.capture.set(AT_REST);
    };
  }

  /** Calls `listener` when the keyboard left the picture by its keys, until the result is called. */
  onWayOut(listener: () => void): () => void {
    this.#wayOut.add(listener);
    return () => this.#wayOut.delete(listener);
  }

  /** Lets go of everything. Idempotent. */
  close(): void {
    this.control.close();
  }

  /** Asks the host for a screen of the picture's room, and again whenever that changes. */
  follow(wish: boolean): void {
    this.#offViewport?.();
    const room = this.#stage?.closest<HTMLElement>('.picture') ?? null;
    this.#offViewport = wish && room !== null ? followViewport(this.#socket, room) : null;
    this.followsWindow.set(this.#offViewport !== null);
  }

  resetZoom(): void {
    this.zoom.set({ factor: 1, x: 0, y: 0 });
  }

  #keeps(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown' || !isWayOut(event)) return false;
    event.preventDefault();
    this.#input?.leave();
    for (const listener of this.#wayOut) listener();
    return true;
  }

  #pinch(by: number, clientX: number, clientY: number): void {
    const room = this.#stage?.closest('.picture')?.getBoundingClientRect();
    if (room === undefined) return;
    const factor = Math.min(LARGEST_ZOOM, Math.max(1, this.zoom.value.factor * by));
    this.zoom.set({ factor, x: clientX - room.x, y: clientY - room.y });
  }
}
