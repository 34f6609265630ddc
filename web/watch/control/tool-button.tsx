import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';

/** A button with a sign: a switch where `pressed` is given, the opener of a panel with `expanded`. */
export function ToolButton({
  icon,
  name,
  testId,
  pressed,
  expanded,
  onClick,
}: {
  readonly icon: IconName;
  readonly name: string;
  readonly testId: string;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      aria-expanded={expanded}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
