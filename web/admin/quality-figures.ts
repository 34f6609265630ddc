import type { SessionDetail } from '../../gateway/protocol/api/sessions.ts';
import type { Figure } from '../ui/figure-list.tsx';
import { showDuration, showFraction, showMilliseconds } from '../ui/quantity.ts';

/** What a player measured, of the two seconds before it told. */
export function qualityFigures(quality: NonNullable<SessionDetail['quality']>): readonly Figure[] {
  const { loss, jitterMs, decodeMs, framesDecoded, framesDropped, freezes, freezeMs } = quality;
  return [
    { key: 'loss', name: 'Packets lost', value: showFraction(loss) },
    { key: 'jitter', name: 'Jitter', value: showMilliseconds(jitterMs) },
    { key: 'decoded', name: 'Pictures shown', value: String(framesDecoded) },
    { key: 'dropped', name: 'Pictures left out', value: String(framesDropped) },
    { key: 'decode', name: 'Decoding, each', value: showMilliseconds(decodeMs) },
    {
      key: 'freezes',
      name: 'Stood still',
      value: `${freezes} times, ${showMilliseconds(freezeMs)}`,
    },
    { key: 'age', name: 'Told', value: `${showDuration(quality.ageMs)} ago` },
  ];
}
