import { typedDifference } from './typed-difference.ts';

/** What a text field was told. */
export interface TypedEvents {
  typed(text: string, atMs: number): void;
  /** One of the keys that keyboards on a screen have no codes for. */
  tapped(key: 'Backspace' | 'Enter', atMs: number): void;
  pasted(content: Blob): void;
}

/** So that a keyboard on a screen has something to delete: it tells of nothing in an empty field. */
const PADDING = '_'.repeat(24);
/** Scripts that are composed from others: what stands there meanwhile is not meant yet. */
const COMPOSED_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
const STYLE = [
  ...['position:absolute', 'left:0', 'bottom:0', 'width:1px', 'height:1em', 'padding:0'],
  ...['border:0', 'outline:0', 'opacity:0', 'resize:none', 'overflow:hidden', 'font-size:16px'],
  ...['pointer-events:none', 'caret-color:transparent', 'background:transparent'],
].join(';');

/**
 * A text field that cannot be seen: input methods, dead keys and keyboards on a screen write into it,
 * and what they wrote is told.
 */
export class TextField {
  readonly element: HTMLTextAreaElement;
  readonly #events: TypedEvents;
  readonly #ended = new AbortController();
  /** What was told of the field's text. */
  #told = PADDING;
  #isComposing = false;
  /** The keyboard is one on a screen: it composes every word, and people expect to see letters. */
  isVirtual = false;

  constructor(parent: HTMLElement, label: string, events: TypedEvents) {
    this.#events = events;
    this.element = parent.ownerDocument.createElement('textarea');
    this.element.style.cssText = STYLE;
    this.element.setAttribute('aria-label', label);
    for (const [name, value] of Object.entries({
      ...{ autocapitalize: 'off', autocomplete: 'off', autocorrect: 'off', spellcheck: 'false' },
      ...{ inputmode: 'none', tabindex: '-1' },
    })) {
      this.element.setAttribute(name, value);
    }
    parent.append(this.element);
    const { signal } = this.#ended;
    const on = this.element.addEventListener.bind(this.element);
    on('compositionstart', () => (this.#isComposing = true), { signal });
    on('compositionend', (event) => this.#handleComposed(event), { signal });
    on('beforeinput', (event) => this.#handleBefore(event), { signal });
    on('input', (event) => this.#handleInput(event), { signal });
    on('paste', (event) => this.#handlePaste(event), { signal });
    this.#rest();
  }

  get isFocused(): boolean {
    return this.element.ownerDocument.activeElement === this.element;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
    this.#rest();
  }

  /** Whether a phone shows its keyboard while this has the focus. */
  setKeyboard(isShown: boolean): void {
    this.element.setAttribute('inputmode', isShown ? 'text' : 'none');
    if (!this.isFocused) return;
    // Phones look at the mode when the focus comes.
    this.element.blur();
    this.focus();
  }

  /** Idempotent. */
  close(): void {
    this.#ended.abort();
    this.element.remove();
  }

  #handleComposed(event: CompositionEvent): void {
    this.#isComposing = false;
    this.#tell(event.timeStamp);
    // Korean begins the next composition within the same key.
    setTimeout(() => this.#rest(), 0);
  }

  #handleBefore(event: InputEvent): void {
    if (event.inputType !== 'insertLineBreak' && event.inputType !== 'insertParagraph') return;
    event.preventDefault();
    this.#events.tapped('Enter', event.timeStamp);
  }

  #handleInput(event: Event): void {
    const isComposing = event instanceof InputEvent && event.isComposing;
    if (isComposing && !this.#isLive()) return;
    this.#tell(event.timeStamp);
    if (!isComposing) this.#rest();
  }

  #isLive(): boolean {
    return this.isVirtual && !COMPOSED_SCRIPTS.test(this.element.value);
  }

  #tell(atMs: number): void {
    const { value } = this.element;
    const { backspaces, text } = typedDifference(this.#told, value);
    this.#told = value;
    for (let count = 0; count < backspaces; count += 1) this.#events.tapped('Backspace', atMs);
    const lines = text.split('\n');
    lines.forEach((line, index) => {
      if (index > 0) this.#events.tapped('Enter', atMs);
      if (line !== '') this.#events.typed(line, atMs);
    });
  }

  #handlePaste(event: ClipboardEvent): void {
    event.preventDefault();
    const { clipboardData } = event;
    const text = clipboardData?.getData('text/plain') ?? '';
    const image = [...(clipboardData?.files ?? [])].find(({ type }) => type === 'image/png');
    this.#events.pasted(
      text === '' && image !== undefined
        ? image
        : new Blob([text.replaceAll('\r\n', '\n')], { type: 'text/plain' }),
    );
  }

  #rest(): void {
    if (this.#isComposing) return;
    this.#told = PADDING;
    if (this.element.value !== PADDING) this.element.value = PADDING;
    this.element.setSelectionRange(PADDING.length, PADDING.length);
  }
}
