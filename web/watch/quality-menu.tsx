import type { LayerChoice } from '../core/layer-choice.ts';
import { useObservable } from '../ui/use-observable.ts';

const AUTOMATIC = 'automatic';

/** Which size of the picture to take; nothing where there is only one. */
export function QualityMenu({ choice }: { readonly choice: LayerChoice }) {
  const { layers, chosen } = useObservable(choice.menu);
  if (layers.length === 0) return null;
  return (
    <select
      className="quality"
      data-testid="quality"
      aria-label="Quality"
      title="Quality"
      value={chosen === null ? AUTOMATIC : `rid ${chosen}`}
      onChange={({ target }) => {
        const layer = layers.find(({ rid }) => target.value === `rid ${rid}`);
        choice.choose(layer?.rid ?? null);
      }}
    >
      <option value={AUTOMATIC}>Automatic</option>
      {layers.map(({ rid, height, sent }) => (
        <option key={rid} value={`rid ${rid}`} disabled={!sent && rid !== chosen}>
          {`${height}p`}
        </option>
      ))}
    </select>
  );
}
