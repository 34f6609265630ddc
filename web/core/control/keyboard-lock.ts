/** Chromium's Keyboard Lock, which TypeScript's DOM does not know. */
interface LockingNavigator extends Navigator {
  readonly keyboard?: { lock(): Promise<void>; unlock(): void };
}

/** Whether this browser can hand a page the keys of system and browser, in full screen. */
export const canLockKeyboard = (): boolean => 'keyboard' in navigator;

/**
 * Asks for the keys that system and browser keep, while the page is in full screen; Escape held for
 * two seconds leaves it then. The returned function gives them back.
 */
export function lockKeyboard(): () => void {
  const { keyboard } = navigator as LockingNavigator;
  // Refused in frames without the permission; the page does without.
  keyboard?.lock().catch(() => undefined);
  return () => keyboard?.unlock();
}
