import { Choice } from '../ui/choice.tsx';
import { bitrates, frameRates, heights, hints, sizes } from './share-choice.ts';
import type { ShareChoice } from './share-choice.ts';

/** The choices of a presenter; each applies at once, also while sharing, except the sizes. */
export function ShareSettings({
  choice,
  isSending,
  onChange,
}: {
  readonly isSending: boolean;
  readonly choice: ShareChoice;
  readonly onChange: (choice: ShareChoice) => void;
}) {
  return (
    <fieldset className="settings">
      <legend>What to send</legend>
      <Choice
        name="Content"
        testId="choice-hint"
        options={hints}
        show={(hint) => (hint === 'detail' ? 'Text and detail' : 'Motion and film')}
        value={choice.hint}
        onChange={(hint) => onChange({ ...choice, hint })}
      />
      <Choice
        name="Resolution"
        testId="choice-height"
        options={heights}
        show={(height) => (height === null ? 'As the screen' : `Up to ${height}p`)}
        value={choice.height}
        onChange={(height) => onChange({ ...choice, height })}
      />
      <Choice
        name="Frame rate"
        testId="choice-fps"
        options={frameRates}
        show={(framesPerSecond) => `${framesPerSecond} per second`}
        value={choice.framesPerSecond}
        onChange={(framesPerSecond) => onChange({ ...choice, framesPerSecond })}
      />
      <Choice
        name="Bitrate"
        testId="choice-bitrate"
        options={bitrates}
        show={(bps) => (bps === null ? 'Automatic' : `${bps / 1_000_000} Mbit/s`)}
        value={choice.bitrateBps}
        onChange={(bitrateBps) => onChange({ ...choice, bitrateBps })}
      />
      <Choice
        name="Sizes"
        testId="choice-sizes"
        options={sizes}
        show={(one) => (one === 'one' ? 'One for all' : 'Several, by each viewer’s network')}
        value={choice.sizes}
        disabled={isSending}
        onChange={(next) => onChange({ ...choice, sizes: next })}
      />
    </fieldset>
  );
}
