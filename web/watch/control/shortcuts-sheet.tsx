import type { ReservedCombination } from '../../core/control/reserved-combinations.ts';
import { SidePanel } from '../side-panel.tsx';
import { WAY_OUT } from './way-out.ts';

const OWN_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['c', 'takes control or asks for it'],
  [WAY_OUT, 'brings the keyboard back to this page'],
  ['f, m, p, i, space', 'full screen, mute, float, figures, pause; not while you control'],
];

/** Keys that never reach the page, as buttons; and what the page keeps for itself. */
export function ShortcutsSheet({
  combinations,
  press,
  onClose,
}: {
  readonly combinations: readonly ReservedCombination[];
  readonly press: (keys: ReservedCombination['keys']) => void;
  readonly onClose: () => void;
}) {
  return (
    <SidePanel title="Shortcuts" testId="shortcuts" onClose={onClose}>
      <p className="hint">
        This browser and this machine keep these for themselves; a button sends them to the picture.
        In full screen those with a dot go there by your own keyboard.
      </p>
      <ul className="shortcuts">
        {combinations.map(({ label, keys, comesInFullScreen }) => (
          <li key={label}>
            <button
              type="button"
              className="small"
              data-shortcut={label}
              onClick={() => press(keys)}
            >
              {label}
              {comesInFullScreen && <span aria-label=", by keyboard in full screen"> ·</span>}
            </button>
          </li>
        ))}
      </ul>
      <h3>Of this page</h3>
      <dl className="keys">
        {OWN_KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </SidePanel>
  );
}
