import type { HeldKey } from '../../../gateway/protocol/input.ts';
import { useObservable } from '../../ui/use-observable.ts';
import { STICKY } from './sticky-keys.ts';
import type { StickyKeys, StickyName } from './sticky-keys.ts';

const KEYS: readonly (HeldKey & { readonly name: string; readonly label: string })[] = [
  { name: 'Esc', label: 'Escape', code: 'Escape', keysym: 0xff1b },
  { name: 'Tab', label: 'Tab', code: 'Tab', keysym: 0xff09 },
  { name: '←', label: 'Left', code: 'ArrowLeft', keysym: 0xff51 },
  { name: '↑', label: 'Up', code: 'ArrowUp', keysym: 0xff52 },
  { name: '↓', label: 'Down', code: 'ArrowDown', keysym: 0xff54 },
  { name: '→', label: 'Right', code: 'ArrowRight', keysym: 0xff53 },
];

/** The keys that a phone's keyboard lacks. They take no focus, so that the keyboard stays. */
export function TouchKeys({ keys }: { readonly keys: StickyKeys }) {
  const sticky = useObservable(keys.state);
  return (
    <div className="touch-keys" role="group" aria-label="More keys" data-testid="touch-keys">
      {(Object.keys(STICKY) as readonly StickyName[]).map((name) => (
        <button
          key={name}
          type="button"
          data-key={name}
          aria-pressed={sticky[name] !== 'off'}
          aria-label={sticky[name] === 'locked' ? `${name}, locked` : name}
          data-locked={sticky[name] === 'locked' || undefined}
          onMouseDown={keepFocus}
          onClick={() => keys.tap(name)}
        >
          {name}
        </button>
      ))}
      {KEYS.map((key) => (
        <button
          key={key.name}
          type="button"
          data-key={key.name}
          aria-label={key.label}
          onMouseDown={keepFocus}
          onClick={() => keys.press(key)}
        >
          {key.name}
        </button>
      ))}
    </div>
  );
}

function keepFocus(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
