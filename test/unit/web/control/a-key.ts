import type { KeyFacts } from '../../../../web/core/control/key-facts.ts';
import type { InputSink } from '../../../../web/core/control/input-sink.ts';

/** What a browser tells of a key; `with` are the modifiers that are down by then. */
export interface KeyPart extends Partial<Omit<KeyFacts, 'getModifierState'>> {
  readonly with?: readonly string[];
}

export function aKey(code: string, key: string, part: KeyPart = {}): KeyFacts {
  const { with: modifiers = [], ...facts } = part;
  const isRight = code.endsWith('Right') && !code.startsWith('Arrow');
  const isLeft = code.endsWith('Left') && !code.startsWith('Arrow') && code !== 'BracketLeft';
  const side = isRight && code !== 'BracketRight' ? 2 : isLeft ? 1 : 0;
  return {
    code,
    key,
    location: code.startsWith('Numpad') ? 3 : side,
    repeat: false,
    isComposing: false,
    keyCode: 0,
    timeStamp: 0,
    ...facts,
    getModifierState: (name) => modifiers.includes(name),
  };
}

/** Keeps what is done, in words, and what is down. */
export class RecordedSink implements InputSink {
  readonly acts: string[] = [];
  readonly down = new Map<string, number>();

  key(code: string, keysym: number, down: boolean): void {
    if (this.down.has(code) === down) return;
    if (down) this.down.set(code, keysym);
    else this.down.delete(code);
    this.acts.push(`${code} ${down ? `down ${keysym.toString(16)}` : 'up'}`);
  }

  text(text: string): void {
    this.acts.push(`text ${text}`);
  }

  point(x: number, y: number): void {
    this.acts.push(`point ${x} ${y}`);
  }

  travel(dx: number, dy: number): void {
    this.acts.push(`travel ${dx} ${dy}`);
  }

  wheel(dx: number, dy: number): void {
    this.acts.push(`wheel ${dx} ${dy}`);
  }

  button(button: number, down: boolean): void {
    this.acts.push(`button ${button} ${down ? 'down' : 'up'}`);
  }

  touches(touches: readonly { readonly id: number }[]): void {
    this.acts.push(`touches ${touches.map(({ id }) => id).join(' ')}`);
  }

  gamepads(gamepads: readonly { readonly buttons: number }[]): void {
    this.acts.push(`gamepads ${gamepads.map(({ buttons }) => buttons).join(' ')}`);
  }

  release(): void {
    this.down.clear();
    this.acts.push('release');
  }

  /** What was done since it was asked last. */
  taken(): string[] {
    return this.acts.splice(0);
  }
}
