import type { Touch } from '../../../gateway/protocol/input.ts';
import type { InputSink } from './input-sink.ts';
import type { MouseInput } from './mouse-input.ts';
import type { PicturePointer } from './picture-pointer.ts';
import type { TouchGestures } from './touch-gestures.ts';

/** Fingers as a mouse, or as fingers of the host's own touch screen. */
export type TouchMode = 'pointer' | 'direct';

/** What pointer events come from and go to. */
export interface PointerParts {
  /** Lies over the picture. */
  readonly stage: HTMLElement;
  readonly picture: PicturePointer;
  readonly sink: InputSink;
  readonly mouse: MouseInput;
  readonly gestures: TouchGestures;
  /** How wide the host's screen is in its pixels; null: as the picture. */
  readonly hostWidth: () => number;
  /** A person touched or clicked the picture. */
  readonly engaged: () => void;
}

const MOST_FINGERS = 10;
const FINGER_EVENTS = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const;
/** The browser's own answers to pointers: menus, dragged pictures, the history's buttons. */
const OWN_ANSWERS = [
  'contextmenu',
  'dragstart',
  'mousedown',
  'mouseup',
  'auxclick',
  'click',
] as const;

/** Pointer events of a stage, until it is closed. */
export class PointerInput {
  touchMode: TouchMode = 'pointer';
  readonly #parts: PointerParts;
  readonly #ended = new AbortController();
  readonly #styleBefore: string;
  readonly #fingers = new Map<number, Touch>();
  /** Where the pointer was told to be, before its `pointermove`. */
  #told: { readonly clientX: number; readonly clientY: number } | null = null;

  constructor(parts: PointerParts) {
    this.#parts = parts;
    const { stage } = parts;
    this.#styleBefore = stage.style.touchAction;
    stage.style.touchAction = 'none';
    const options = { signal: this.#ended.signal, passive: false };
    for (const type of FINGER_EVENTS) {
      stage.addEventListener(type, (event) => this.#handle(event), options);
    }
    // Motion as it comes; a `pointermove` waits up to 16 ms for the next picture of the page.
    stage.addEventListener(
      'pointerrawupdate',
      (event) => this.#hurry(event as PointerEvent),
      options,
    );
    stage.addEventListener('wheel', (event) => this.#turn(event), options);
    for (const type of OWN_ANSWERS) {
      stage.addEventListener(
        type,
        (event) => this.#isOwn(event) && event.preventDefault(),
        options,
      );
    }
  }

  /** Forgets what is down; the sink has let go of it. */
  forget(): void {
    this.#fingers.clear();
    this.#parts.mouse.forget();
    this.#parts.gestures.forget();
  }

  /** Idempotent. */
  close(): void {
    this.#ended.abort();
    this.forget();
    this.#parts.stage.style.touchAction = this.#styleBefore;
  }

  /** Buttons and links over the picture keep their own events. */
  #isOwn({ target }: Event): boolean {
    return (
      !(target instanceof Element) ||
      target.closest('button, a, input, select, [data-local]') === null
    );
  }

  #handle(event: PointerEvent): void {
    if (!this.#isOwn(event) && event.type === 'pointerdown') return;
    if (event.pointerType === 'touch') this.#handleFinger(event);
    else this.#handleMouse(event);
  }

  #handleMouse(event: PointerEvent): void {
    const { stage, mouse } = this.#parts;
    if (event.type === 'pointerdown') {
      this.#parts.engaged();
      // A drag goes on outside.
      if (event.isTrusted) stage.setPointerCapture(event.pointerId);
    }
    if (this.#isLocked) this.#travel(event);
    else if (event.type !== 'pointermove' || !this.#isTold(event)) this.#point(event);
    const buttons = event.type === 'pointercancel' ? 0 : event.buttons;
    mouse.handle({
      timeStamp: event.timeStamp,
      button: event.button,
      buttons,
      getModifierState: (name) => event.getModifierState(name),
    });
  }

  get #isLocked(): boolean {
    const { stage } = this.#parts;
    return stage.ownerDocument.pointerLockElement === stage;
  }

  #hurry(event: PointerEvent): void {
    if (event.pointerType === 'touch' || this.#isLocked) return;
    this.#told = { clientX: event.clientX, clientY: event.clientY };
    this.#point(event);
  }

  #isTold({ clientX, clientY }: PointerEvent): boolean {
    const told = this.#told;
    this.#told = null;
    return told?.clientX === clientX && told.clientY === clientY;
  }

  #point({ clientX, clientY, timeStamp }: PointerEvent): void {
    const place = this.#parts.picture.shareAt(clientX, clientY);
    if (place !== null) this.#parts.sink.point(place.x, place.y, timeStamp);
  }

  /** Parts of a pixel are in the events that the browser put together, where they are anywhere. */
  #travel(event: PointerEvent): void {
    const box = this.#parts.picture.box();
    if (box === null) return;
    const scale = this.#parts.hostWidth() / box.width;
    const parts = event.getCoalescedEvents();
    const steps = parts.length === 0 ? [event] : parts;
    const dx = steps.reduce((all, { movementX }) => all + movementX, 0);
    const dy = steps.reduce((all, { movementY }) => all + movementY, 0);
    if (dx !== 0 || dy !== 0) this.#parts.sink.travel(dx * scale, dy * scale, event.timeStamp);
  }

  #turn(event: WheelEvent): void {
    if (!this.#isOwn(event)) return;
    event.preventDefault();
    this.#parts.mouse.turn(event);
  }

  #handleFinger(event: PointerEvent): void {
    const { picture, gestures, sink } = this.#parts;
    const { type, clientX, clientY, pointerId, timeStamp } = event;
    const place = picture.shareAt(clientX, clientY);
    const isGone = type === 'pointerup' || type === 'pointercancel';
    if (type === 'pointerdown') {
      if (place === null || this.#fingers.size >= MOST_FINGERS) return;
      this.#parts.engaged();
      this.#fingers.set(pointerId, { id: this.#freeId(), ...inside(place) });
    }
    const known = this.#fingers.get(pointerId);
    if (known === undefined) return;
    const finger = { id: known.id, ...inside(place ?? known) };
    if (isGone) this.#fingers.delete(pointerId);
    else this.#fingers.set(pointerId, finger);
    if (this.touchMode === 'direct') {
      sink.touches([...this.#fingers.values()], timeStamp);
      return;
    }
    if (type === 'pointerdown') gestures.start({ ...finger, clientX, clientY }, timeStamp);
    else if (type === 'pointermove') gestures.move({ ...finger, clientX, clientY }, timeStamp);
    else if (type === 'pointerup') gestures.end(finger.id, timeStamp);
    else gestures.cancel(finger.id, timeStamp);
  }

  #freeId(): number {
    const taken = new Set([...this.#fingers.values()].map(({ id }) => id));
    for (let id = 0; ; id += 1) if (!taken.has(id)) return id;
  }
}

const inside = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  x: Math.min(1, Math.max(0, x)),
  y: Math.min(1, Math.max(0, y)),
});
