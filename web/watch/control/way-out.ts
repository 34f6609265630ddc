/** For people, where the page says how the keyboard comes back. */
export const WAY_OUT = 'Ctrl + Alt + Shift + Z';

/** Whether keys mean that the keyboard belongs to the page again. */
export function isWayOut({
  code,
  ctrlKey,
  altKey,
  shiftKey,
}: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'altKey' | 'shiftKey'>): boolean {
  return code === 'KeyZ' && ctrlKey && altKey && shiftKey;
}
