import type { ZoomRange } from './lens.ts';

/** How near the camera looks. */
export function ZoomSlider({
  range,
  value,
  onChange,
}: {
  readonly range: ZoomRange;
  readonly value: number;
  readonly onChange: (zoom: number) => void;
}) {
  return (
    <label className="camera-zoom">
      Zoom
      <input
        type="range"
        data-testid="zoom"
        min={range.least}
        max={range.most}
        step={range.step}
        value={value}
        onChange={({ target }) => onChange(Number(target.value))}
      />
    </label>
  );
}
