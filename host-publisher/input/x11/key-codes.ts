/** Rows of keys that follow each other, by the first one's keycode (evdev's, 8 more than the kernel's). */
const ROWS: Readonly<Record<number, string>> = {
  9: 'Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal Backspace',
  23: 'Tab KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter',
  37: 'ControlLeft KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote',
  50: 'ShiftLeft Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight',
  63: 'NumpadMultiply AltLeft Space CapsLock F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock',
  79: 'Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd',
  87: 'Numpad1 Numpad2 Numpad3 Numpad0 NumpadDecimal',
  94: 'IntlBackslash F11 F12 IntlRo',
  100: 'Convert KanaMode NonConvert',
  104: 'NumpadEnter ControlRight NumpadDivide PrintScreen AltRight',
  110: 'Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert Delete',
  121: 'AudioVolumeMute AudioVolumeDown AudioVolumeUp',
  125: 'NumpadEqual',
  127: 'Pause',
  129: 'NumpadComma Lang1 Lang2 IntlYen MetaLeft MetaRight ContextMenu',
  166: 'BrowserBack BrowserForward',
  171: 'MediaTrackNext MediaPlayPause MediaTrackPrevious MediaStop',
  191: 'F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24',
};

const KEYCODES: ReadonlyMap<string, number> = new Map(
  Object.entries(ROWS).flatMap(([first, row]) =>
    row.split(' ').map((code, index) => [code, Number(first) + index] as const),
  ),
);
const PHYSICAL: ReadonlySet<number> = new Set(KEYCODES.values());

/** The X11 keycode of a place on the keyboard, as `KeyboardEvent.code` names it; null: unknown. */
export const keycodeAt = (code: string): number | null => KEYCODES.get(code) ?? null;

/** Whether a key of a usual keyboard has this keycode. */
export const isPhysical = (keycode: number): boolean => PHYSICAL.has(keycode);
