import { Choice } from '../../ui/choice.tsx';

/** Hours for which links, tokens and invitations are made. */
export const LIFETIMES = [1, 8, 24, 7 * 24, 30 * 24] as const;

/** How long something is valid. */
export function LifetimeChoice({
  name,
  testId,
  hours,
  onChange,
}: {
  readonly name: string;
  readonly testId: string;
  readonly hours: number;
  readonly onChange: (hours: number) => void;
}) {
  return (
    <Choice<number>
      name={name}
      testId={testId}
      options={LIFETIMES}
      value={hours}
      show={showHours}
      onChange={onChange}
    />
  );
}

/** `8 hours`, `7 days`. */
function showHours(hours: number): string {
  const [count, unit] = hours < 24 ? [hours, 'hour'] : [hours / 24, 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
