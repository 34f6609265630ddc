import { Observable } from '../observable.ts';
import type { PictureView } from '../picture-view.ts';
import { GamepadInput } from './gamepad-input.ts';
import type { InputSink } from './input-sink.ts';
import { KeyboardInput } from './keyboard-input.ts';
import { lockKeyboard } from './keyboard-lock.ts';
import type { Leases } from './leases.ts';
import { MouseInput } from './mouse-input.ts';
import { PasteKeys } from './paste-keys.ts';
import { PicturePointer } from './picture-pointer.ts';
import { platformOf } from './platform.ts';
import { PointerInput } from './pointer-input.ts';
import type { TouchMode } from './pointer-input.ts';
import type { SystemClipboard } from './system-clipboard.ts';
import { TextField } from './text-field.ts';
import { TouchGestures } from './touch-gestures.ts';
import type { LocalGestures } from './touch-gestures.ts';

/** What a capture is made of. */
export interface CaptureParts extends LocalGestures {
  /** Positioned, and over the picture: its pointers are the host's. */
  readonly stage: HTMLElement;
  readonly picture: PictureView;
  /** An {@link InputSender}, or what stands before it. */
  readonly sender: InputSink & { readonly leases: Observable<Leases> };
  readonly clipboard: SystemClipboard;
  /** What screen readers call the field that takes the keys. */
  readonly label: string;
  /** How wide the host's screen is in its pixels; null: as the picture. */
  readonly hostWidth: () => number | null;
  /** Whether the page keeps a key for itself: it is not sent, and goes on to the page. */
  readonly keeps: (event: KeyboardEvent) => boolean;
}

/** What of this page goes to the host. */
export interface CaptureState {
  /** Keys do: the capture has the focus and this page holds the keyboard. */
  readonly hasKeys: boolean;
  /** The pointer is locked and sends how far it goes. */
  readonly isPointerLocked: boolean;
  /** A phone shows its keyboard for it. */
  readonly showsKeyboard: boolean;
  readonly touchMode: TouchMode;
}

/**
 * Sends the input of a page to the host while this page holds the devices for it. Without a lease
 * nothing is captured and the page's own keys work.
 */
export class InputCapture {
  readonly state = new Observable<CaptureState>({
    hasKeys: false,
    isPointerLocked: false,
    showsKeyboard: false,
    touchMode: 'pointer',
  });
  readonly #parts: CaptureParts;
  readonly #keyboard: KeyboardInput;
  readonly #mouse: MouseInput;
  readonly #picture: PicturePointer;
  readonly #pasteKeys: PasteKeys;
  readonly #gamepads: GamepadInput;
  readonly #ended = new AbortController();
  readonly #offLeases: () => void;
  /** Of pointer and keyboard. */
  #epochs = '';
  #field: TextField | null = null;
  #pointer: PointerInput | null = null;
  #unlockKeyboard: (() => void) | null = null;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
    const { sender, clipboard, picture, stage } = parts;
    this.#keyboard = new KeyboardInput(sender, platformOf(navigator));
    this.#mouse = new MouseInput(sender, this.#keyboard);
    this.#picture = new PicturePointer(picture);
    this.#pasteKeys = new PasteKeys(this.#keyboard, clipboard);
    this.#gamepads = new GamepadInput(sender, { pads: () => navigator.getGamepads(), nextFrame });
    const options = { signal: this.#ended.signal };
    const letGo = () => this.release();
    window.addEventListener('blur', letGo, options);
    window.addEventListener('pagehide', letGo, options);
    window.addEventListener('focus', () => this.#handleFocus(), options);
    const page = stage.ownerDocument;
    page.addEventListener('freeze', letGo, options);
    page.addEventListener('visibilitychange', () => page.hidden && letGo(), options);
    page.addEventListener('pointerlockchange', () => this.#handlePointerLock(), options);
    page.addEventListener('fullscreenchange', () => this.#lockKeys(), options);
    this.#offLeases = sender.leases.subscribe(() => this.#handleLeases());
    this.#handleLeases();
  }

  /** Keys go to the host from now on; ignored while this page does not hold the keyboard. */
  focus(): void {
    this.#field?.focus();
  }

  /** Keys go to the page again. */
  leave(): void {
    this.#field?.element.blur();
  }

  /** Lets go of everything that is held. */
  release(): void {
    this.#parts.sender.release();
    this.#forget();
  }

  /** The pointer stays and sends how far it goes; in a click. False: the browser refused. */
  async lockPointer(): Promise<boolean> {
    if (this.#pointer === null) return false;
    const { stage } = this.#parts;
    try {
      await stage.requestPointerLock({ unadjustedMovement: true });
    } catch {
      try {
        // Some systems cannot tell motion without acceleration.
        await stage.requestPointerLock();
      } catch {
        return false;
      }
    }
    return true;
  }

  unlockPointer(): void {
    if (this.state.value.isPointerLocked) this.#parts.stage.ownerDocument.exitPointerLock();
  }

  /** A phone shows its keyboard or hides it; in a touch. */
  showKeyboard(isShown: boolean): void {
    if (this.#field === null) return;
    this.#set({ showsKeyboard: isShown });
    if (isShown) this.#field.focus();
    this.#field.setKeyboard(isShown);
  }

  setTouchMode(touchMode: TouchMode): void {
    this.release();
    if (this.#pointer !== null) this.#pointer.touchMode = touchMode;
    this.#set({ touchMode });
  }

  /** Presses keys that this page cannot hear, the first one down first and up last. */
  press(keys: readonly { readonly code: string; readonly keysym: number }[]): void {
    this.#keyboard.chord(keys, performance.now());
  }

  /** Captures nothing more. Idempotent. */
  close(): void {
    this.release();
    this.#offLeases();
    this.#ended.abort();
    this.#closePointer();
    this.#closeField();
    this.#gamepads.stop();
  }

  #handleLeases(): void {
    const { pointer, keyboard, gamepad } = this.#parts.sender.leases.value;
    const [before, now] = [this.#epochs, `${pointer} ${keyboard}`];
    this.#epochs = now;
    if (before !== now) this.release();
    if (pointer === null) this.#closePointer();
    else this.#pointer ??= this.#openPointer();
    if (keyboard === null) this.#closeField();
    else if (this.#field === null) this.#openField();
    if (gamepad === null) this.#gamepads.stop();
    else if (document.hasFocus()) this.#gamepads.start();
    this.#lockKeys();
  }

  #openPointer(): PointerInput {
    const { stage, sender, picture, hostWidth } = this.#parts;
    const pointer = new PointerInput({
      stage,
      sink: sender,
      picture: this.#picture,
      mouse: this.#mouse,
      gestures: new TouchGestures(sender, this.#parts),
      hostWidth: () => hostWidth() ?? picture.size?.width ?? 0,
      engaged: () => this.focus(),
    });
    pointer.touchMode = this.state.value.touchMode;
    return pointer;
  }

  #openField(): void {
    const { stage, label } = this.#parts;
    const field = new TextField(stage, label, {
      typed: (text, atMs) => this.#parts.sender.text(text, atMs),
      tapped: (key, atMs) => {
        const keysym = key === 'Enter' ? 0xff0d : 0xff08;
        this.#keyboard.chord([{ code: key, keysym }], atMs);
      },
      pasted: (content) => void this.#pasteKeys.paste(content),
    });
    this.#field = field;
    const { element } = field;
    element.addEventListener('keydown', (event) => this.#handleKey(event));
    element.addEventListener('keyup', (event) => this.#handleKey(event));
    element.addEventListener('focus', () => this.#set({ hasKeys: true }));
    element.addEventListener('blur', () => {
      this.release();
      this.#set({ hasKeys: false });
    });
    const { activeElement, body } = stage.ownerDocument;
    if (activeElement === null || activeElement === body || stage.contains(activeElement)) {
      field.focus();
    }
  }

  #handleKey(event: KeyboardEvent): void {
    if (this.#parts.keeps(event)) return;
    // The page's own shortcuts are not meant while keys go to the host.
    event.stopPropagation();
    if (event.type === 'keyup') {
      this.#keyboard.up(event);
      return;
    }
    if (this.#field !== null) this.#field.isVirtual = event.code === '';
    if (this.#pasteKeys.take(event)) return;
    if (this.#keyboard.down(event)) event.preventDefault();
  }

  #handleFocus(): void {
    const { keyboard, gamepad } = this.#parts.sender.leases.value;
    if (gamepad !== null) this.#gamepads.start();
    if (keyboard !== null) this.#parts.clipboard.handleFocus();
  }

  #handlePointerLock(): void {
    const { stage } = this.#parts;
    const isPointerLocked = stage.ownerDocument.pointerLockElement === stage;
    if (this.state.value.isPointerLocked && !isPointerLocked) this.release();
    this.#set({ isPointerLocked });
  }

  #lockKeys(): void {
    const full = document.fullscreenElement;
    const isFull = this.#field !== null && full?.contains(this.#parts.stage) === true;
    if (isFull) {
      this.#unlockKeyboard ??= lockKeyboard();
    } else {
      this.#unlockKeyboard?.();
      this.#unlockKeyboard = null;
    }
  }

  #forget(): void {
    this.#keyboard.forget();
    this.#pointer?.forget();
    this.#pasteKeys.forget();
    if (!document.hasFocus()) this.#gamepads.stop();
  }

  #closePointer(): void {
    this.unlockPointer();
    this.#pointer?.close();
    this.#pointer = null;
  }

  #closeField(): void {
    this.#field?.close();
    this.#field = null;
    this.#set({ hasKeys: false, showsKeyboard: false });
  }

  #set(change: Partial<CaptureState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}

/** Before the next picture of this page. */
export function nextFrame(call: () => void): () => void {
  const handle = requestAnimationFrame(call);
  return () => cancelAnimationFrame(handle);
}
