import { useEffect, useState } from 'react';
import { actionOf, clickPrompt } from './control-action.ts';
import type { ControlBoard } from './control-board.ts';
import { useControlReading } from './use-control-reading.ts';

const PROMPT_MS = 4_000;

/**
 * Clicks into the picture of whoever does not drive: the first one says what a second would do, so
 * that nobody takes control by accident. The control strip's button does the same by keyboard.
 */
export function ClickToDrive({ board }: { readonly board: ControlBoard }) {
  const { reading } = useControlReading(board);
  const [asksFor, setAsksFor] = useState<string | null>(null);
  const prompt = clickPrompt(reading);
  const isAsking = prompt !== null && asksFor === prompt;
  useEffect(() => {
    if (asksFor === null) return;
    const timer = setTimeout(() => setAsksFor(null), PROMPT_MS);
    return () => clearTimeout(timer);
  }, [asksFor]);
  if (prompt === null) return null;
  const click = () => {
    setAsksFor(isAsking ? null : prompt);
    if (!isAsking) return;
    const action = actionOf(reading);
    if (action !== null) void board[action.wish]();
  };
  return (
    <div className="click-to-drive" data-testid="click-to-drive" onClick={click}>
      <p hidden={!isAsking} data-testid="click-prompt">
        {prompt}
      </p>
    </div>
  );
}
