import { Choice } from '../ui/choice.tsx';
import { frameRates, pixelsOf, sizes } from './camera-choice.ts';
import type { CameraChoice } from './camera-choice.ts';

/** Size and rate of the picture; each applies at once, also while sending. */
export function CameraSettings({
  choice,
  onChange,
}: {
  readonly choice: CameraChoice;
  readonly onChange: (choice: CameraChoice) => void;
}) {
  return (
    <fieldset className="settings">
      <legend>Picture</legend>
      <Choice
        name="Resolution"
        testId="choice-size"
        options={sizes}
        show={(size) => pixelsOf(size).join(' × ')}
        value={choice.size}
        onChange={(size) => onChange({ ...choice, size })}
      />
      <Choice
        name="Frame rate"
        testId="choice-fps"
        options={frameRates}
        show={(framesPerSecond) => `${framesPerSecond} per second`}
        value={choice.framesPerSecond}
        onChange={(framesPerSecond) => onChange({ ...choice, framesPerSecond })}
      />
    </fieldset>
  );
}
