import type { Picture } from '../plan.ts';

/** One way in which a camera gives frames. */
export interface CameraMode {
  readonly kind: 'raw' | 'jpeg';
  /** Raw pixel format; null for JPEG. */
  readonly format: string | null;
  readonly width: number;
  readonly height: number;
  /** As GStreamer writes it, `30/1`. */
  readonly rate: string;
}

const FRACTION = /(\d+)\/(\d+)/g;
/** Cameras say 30000/1001 and mean 30. */
const TOLERANCE = 0.95;

/** Reads the modes that a camera announces, by GStreamer's text of its caps. */
export function readModes(caps: string, wanted: Picture): readonly CameraMode[] {
  return caps.split(/;\s*/).flatMap((structure): CameraMode[] => {
    const [name = ''] = structure.split(',');
    const media = name.trim().replace(/\(.*/, '');
    if (media !== 'video/x-raw' && media !== 'image/jpeg') return [];
    const kind = media === 'image/jpeg' ? 'jpeg' : 'raw';
    const width = readSize(structure, 'width', wanted.width);
    const height = readSize(structure, 'height', wanted.height);
    const rates = readRates(structure, wanted.fps);
    if (width === null || height === null) return [];
    const formats = kind === 'jpeg' ? [null] : readFormats(structure);
    return formats.flatMap((format) =>
      rates.map((rate) => ({ kind, format, width, height, rate })),
    );
  });
}

/** Nearest to the wanted picture: rate before size, not smaller before smaller, raw before JPEG. */
export function chooseMode(modes: readonly CameraMode[], wanted: Picture): CameraMode | null {
  const area = wanted.width * wanted.height;
  const cost = ({ width, height, rate, kind }: CameraMode): readonly number[] => {
    const slow = Math.max(0, wanted.fps * TOLERANCE - perSecond(rate));
    const fast = Math.max(0, perSecond(rate) - wanted.fps);
    const small = Math.max(0, area - width * height);
    const large = Math.max(0, width * height - area);
    return [slow, small, large, fast, kind === 'raw' ? 0 : 1];
  };
  const sorted = modes.toSorted((a, b) => compare(cost(a), cost(b)));
  return sorted[0] ?? null;
}

export function perSecond(rate: string): number {
  const [over = 0, under = 1] = rate.split('/').map(Number);
  return over / under;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** A number, or of a range what is nearest to the wanted. */
function readSize(structure: string, field: string, wanted: number): number | null {
  const [, text = ''] =
    new RegExp(`\\b${field}=\\(int\\)(\\[[^\\]]*\\]|\\{[^}]*\\}|\\d+)`).exec(structure) ?? [];
  const numbers = [...text.matchAll(/\d+/g)].map(Number);
  const [first, last = first] = [numbers[0], numbers[1]];
  if (first === undefined || last === undefined) return null;
  if (text.startsWith('[')) return Math.min(last, Math.max(first, wanted));
  return numbers.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? null;
}

function readRates(structure: string, wanted: number): readonly string[] {
  const [, text = ''] = /framerate=\(fraction\)(\[[^\]]*\]|\{[^}]*\}|[\d/]+)/.exec(structure) ?? [];
  const rates = [...text.matchAll(FRACTION)].map(([rate]) => rate);
  if (!text.startsWith('[')) return rates;
  const [least = '0/1', most = '0/1'] = rates;
  if (wanted > perSecond(most)) return [most];
  return wanted < perSecond(least) ? [least] : [`${wanted}/1`];
}

function readFormats(structure: string): readonly (string | null)[] {
  const [, text = ''] = /format=\(string\)(\{[^}]*\}|\w+)/.exec(structure) ?? [];
  const formats = [...text.matchAll(/\w+/g)].map(([format]) => format);
  return formats.length === 0 ? [null] : formats;
}
