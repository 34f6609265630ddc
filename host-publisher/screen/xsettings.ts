/** Settings by their names: numbers, as GTK takes them. */
export type XSettings = Readonly<Record<string, number>>;

const LITTLE_ENDIAN = 0;
const INTEGER = 0;

/** The property of an XSETTINGS manager, of the freedesktop specification 0.5. */
export function encodeXSettings(settings: XSettings, serial: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(LITTLE_ENDIAN, 0);
  head.writeUInt32LE(serial, 4);
  head.writeUInt32LE(Object.keys(settings).length, 8);
  const entries = Object.entries(settings).map(([name, value]) => {
    const padded = 4 * Math.ceil(name.length / 4);
    const entry = Buffer.alloc(4 + padded + 8);
    entry.writeUInt8(INTEGER, 0);
    entry.writeUInt16LE(name.length, 2);
    entry.write(name, 4, 'latin1');
    entry.writeUInt32LE(serial, 4 + padded);
    entry.writeInt32LE(value, 8 + padded);
    return entry;
  });
  return Buffer.concat([head, ...entries]);
}

const DPI = 96;
/** GTK's unit for dots per inch. */
const PER_DOT = 1024;
const CURSOR_PIXELS = 24;

/** What makes GTK and Qt programs draw at this scale, at once. */
export function settingsOf(scale: number): XSettings {
  const whole = Math.max(1, Math.floor(scale));
  return {
    'Xft/DPI': Math.round(DPI * scale * PER_DOT),
    'Gdk/WindowScalingFactor': whole,
    'Gdk/UnscaledDPI': Math.round((DPI * scale * PER_DOT) / whole),
    'Gtk/CursorThemeSize': Math.round(CURSOR_PIXELS * scale),
  };
}

/** The resources of a display for programs that start from now on. */
export function withResources(resources: string, scale: number): string {
  const ours = {
    'Xft.dpi': Math.round(DPI * scale),
    'Xcursor.size': Math.round(CURSOR_PIXELS * scale),
  };
  const isOurs = (line: string): boolean => (line.split(':')[0] ?? '').trim() in ours;
  const others = resources.split('\n').filter((line) => line !== '' && !isOurs(line));
  const lines = [...others, ...Object.entries(ours).map(([name, value]) => `${name}:\t${value}`)];
  return lines.map((line) => `${line}\n`).join('');
}
