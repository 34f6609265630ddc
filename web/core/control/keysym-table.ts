/** X11 keysyms of `KeyboardEvent.key` values that are no character, by `location`: keysymdef.h, XF86keysym.h. */
type Sides = readonly [standard: number, left: number, right: number, keypad: number];

const one = (keysym: number): Sides => [keysym, keysym, keysym, keysym];
const sided = (left: number, right: number): Sides => [left, left, right, left];
const padded = (keysym: number, keypad: number): Sides => [keysym, keysym, keysym, keypad];

const MODIFIERS: Readonly<Record<string, Sides>> = {
  Shift: sided(0xffe1, 0xffe2),
  Control: sided(0xffe3, 0xffe4),
  Alt: sided(0xffe9, 0xffea),
  Meta: sided(0xffeb, 0xffec),
  OS: sided(0xffeb, 0xffec),
  Super: sided(0xffeb, 0xffec),
  Hyper: sided(0xffed, 0xffee),
  AltGraph: one(0xfe03),
  CapsLock: one(0xffe5),
  NumLock: one(0xff7f),
  ScrollLock: one(0xff14),
};

const EDITING: Readonly<Record<string, Sides>> = {
  Backspace: one(0xff08),
  Tab: padded(0xff09, 0xff89),
  Enter: padded(0xff0d, 0xff8d),
  Escape: one(0xff1b),
  Delete: padded(0xffff, 0xff9f),
  Home: padded(0xff50, 0xff95),
  ArrowLeft: padded(0xff51, 0xff96),
  ArrowUp: padded(0xff52, 0xff97),
  ArrowRight: padded(0xff53, 0xff98),
  ArrowDown: padded(0xff54, 0xff99),
  PageUp: padded(0xff55, 0xff9a),
  PageDown: padded(0xff56, 0xff9b),
  End: padded(0xff57, 0xff9c),
  Insert: padded(0xff63, 0xff9e),
  Clear: padded(0xff0b, 0xff9d),
  Select: one(0xff60),
  PrintScreen: one(0xff61),
  Execute: one(0xff62),
  Undo: one(0xff65),
  Redo: one(0xff66),
  ContextMenu: one(0xff67),
  Find: one(0xff68),
  Cancel: one(0xff69),
  Help: one(0xff6a),
  Pause: one(0xff13),
  Compose: one(0xff20),
};

const MEDIA: Readonly<Record<string, Sides>> = {
  AudioVolumeDown: one(0x1008ff11),
  AudioVolumeMute: one(0x1008ff12),
  AudioVolumeUp: one(0x1008ff13),
  MediaPlayPause: one(0x1008ff14),
  MediaPlay: one(0x1008ff14),
  MediaPause: one(0x1008ff31),
  MediaStop: one(0x1008ff15),
  MediaTrackPrevious: one(0x1008ff16),
  MediaTrackNext: one(0x1008ff17),
  MediaRecord: one(0x1008ff1c),
  MediaRewind: one(0x1008ff3e),
  MediaFastForward: one(0x1008ff97),
  BrightnessUp: one(0x1008ff02),
  BrightnessDown: one(0x1008ff03),
  BrowserHome: one(0x1008ff18),
  BrowserSearch: one(0x1008ff1b),
  BrowserBack: one(0x1008ff26),
  BrowserForward: one(0x1008ff27),
  BrowserStop: one(0x1008ff28),
  BrowserRefresh: one(0x1008ff29),
  BrowserFavorites: one(0x1008ff30),
  LaunchMail: one(0x1008ff19),
  LaunchApplication1: one(0x1008ff33),
  LaunchApplication2: one(0x1008ff1d),
  LaunchMediaPlayer: one(0x1008ff32),
  Copy: one(0x1008ff57),
  Cut: one(0x1008ff58),
  Paste: one(0x1008ff6d),
  Open: one(0x1008ff6b),
  Save: one(0x1008ff77),
  Close: one(0x1008ff56),
  ZoomIn: one(0x1008ff8b),
  ZoomOut: one(0x1008ff8c),
  PowerOff: one(0x1008ff2a),
  WakeUp: one(0x1008ff2b),
  Eject: one(0x1008ff2c),
};

/** By the name of the key; the place in a row is its `location`. */
export const NAMED_KEYS: ReadonlyMap<string, Sides> = new Map(
  Object.entries({ ...MODIFIERS, ...EDITING, ...MEDIA }),
);

/** What a keypad types has keysyms of its own. */
export const KEYPAD_CHARACTERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '*': 0xffaa,
    '+': 0xffab,
    ',': 0xffac,
    '-': 0xffad,
    '.': 0xffae,
    '/': 0xffaf,
    '=': 0xffbd,
  }),
);
