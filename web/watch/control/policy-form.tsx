import type { ControlPolicy, ControlPolicyChange } from '../../../gateway/protocol/control.ts';
import { clipboardNames, modeNames } from './control-words.ts';
import { slotChoices } from './slot-choices.ts';
import '../../styles/policy.css';

/** How a room hands control on; a change counts at once, for everybody. */
export function PolicyForm({
  policy,
  change,
}: {
  readonly policy: ControlPolicy;
  readonly change: (policy: ControlPolicyChange) => void;
}) {
  return (
    <fieldset className="policy" data-testid="policy">
      <legend>This room</legend>
      <label>
        Who may control
        <select
          value={policy.mode}
          data-testid="policy-mode"
          onChange={({ target }) => change({ mode: target.value as ControlPolicy['mode'] })}
        >
          {Object.entries(modeNames).map(([mode, name]) => (
            <option key={mode} value={mode}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Time for each, while others wait
        <select
          value={policy.slotMs ?? ''}
          data-testid="policy-slot"
          onChange={({ target }) =>
            change({ slotMs: target.value === '' ? null : Number(target.value) })
          }
        >
          {slotChoices(policy.slotMs).map(({ ms, name }) => (
            <option key={name} value={ms ?? ''}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Flag
        name="Only while an owner is here"
        testId="policy-owner"
        checked={policy.ownerPresent}
        set={(ownerPresent) => change({ ownerPresent })}
      />
      <Flag
        name="Pointer, keyboard and gamepad apart"
        testId="policy-split"
        checked={policy.split}
        set={(split) => change({ split })}
      />
      {(['clipboardToHost', 'clipboardFromHost'] as const).map((direction) => (
        <label key={direction}>
          {direction === 'clipboardToHost' ? 'Clipboard to the machine' : 'Clipboard from it'}
          <select
            value={policy[direction]}
            data-testid={`policy-${direction}`}
            onChange={({ target }) =>
              change({ [direction]: target.value as ControlPolicy['clipboardToHost'] })
            }
          >
            {Object.entries(clipboardNames).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

function Flag({
  name,
  testId,
  checked,
  set,
}: {
  readonly name: string;
  readonly testId: string;
  readonly checked: boolean;
  readonly set: (checked: boolean) => void;
}) {
  return (
    <label className="flag">
      <input
        type="checkbox"
        checked={checked}
        data-testid={testId}
        onChange={({ target }) => set(target.checked)}
      />
      {name}
    </label>
  );
}
