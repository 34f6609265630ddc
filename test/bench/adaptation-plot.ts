import type { AdaptationTrace } from './adaptation-trace.ts';

const WIDTH = 960;
const LEFT = 64;
const RIGHT = 16;
const PANEL = 170;
const GAP = 46;
const TOP = 34;
const COLOURS = ['#1f6fb4', '#c8452c', '#3a8f3a', '#8a5cb8'];

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dashes?: string;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

interface Panel {
  readonly title: string;
  readonly most: number;
  readonly lines: readonly Line[];
  /** Words at moments. */
  readonly marks: readonly (readonly [seconds: number, text: string])[];
}

/** The runs over the same time axis: rates, latency, and what was encoded when. */
export function plotTraces(title: string, runs: ReadonlyMap<string, AdaptationTrace>): string {
  const traces = [...runs];
  const last = Math.max(...traces.map(([, { samples }]) => samples.at(-1)?.seconds ?? 0));
  const [first] = traces;
  const uplink: Line = {
    name: 'uplink',
    colour: '#999',
    dashes: '6 3',
    points: first?.[1].samples.map(({ seconds, uplinkKbps }) => [seconds, uplinkKbps]) ?? [],
  };
  const lines = (of: (trace: AdaptationTrace) => Line['points']): Line[] =>
    traces.map(([name, trace], at) => ({
      name,
      colour: COLOURS[at % COLOURS.length] ?? '#000',
      points: of(trace),
    }));
  const panels: Panel[] = [
    {
      title: 'target, kbit/s',
      most: 4500,
      lines: [
        uplink,
        ...lines(({ samples }) =>
          samples.map(({ seconds, picture }) => [seconds, picture.bitrateKbps]),
        ),
      ],
      marks: first === undefined ? [] : changesOf(first[1]),
    },
    {
      title: 'out of the bottleneck, kbit/s',
      most: 4500,
      lines: [
        uplink,
        ...lines(({ samples }) =>
          samples.map(({ seconds, deliveredKbps }) => [seconds, deliveredKbps]),
        ),
      ],
      marks: [],
    },
    {
      title: 'age of the picture in the browser, ms (grows while it stands still)',
      most: 2000,
      lines: lines(agesOf),
      marks: [],
    },
  ];
  const height = TOP + panels.length * (PANEL + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${title}</text>`,
    ...panels.map((panel, at) => drawPanel(panel, TOP + at * (PANEL + GAP), last)),
    '</svg>',
    '',
  ].join('\n');
}

function changesOf({ pictures }: AdaptationTrace): (readonly [number, string])[] {
  return pictures
    .map(({ seconds, value }) => [seconds, `${value.height}p${value.fps}`] as const)
    .filter(([, shape], at, all) => shape !== all[at - 1]?.[1]);
}

/** The age at each frame, and just before the next one. */
function agesOf({ frames }: AdaptationTrace): Line['points'] {
  return frames.flatMap(({ seconds, value }, at): (readonly [number, number])[] => {
    if (value === null) return [];
    const next = frames[at + 1]?.seconds ?? seconds;
    return [
      [seconds, value],
      [next, value + (next - seconds) * 1000],
    ];
  });
}

function drawPanel({ title, most, lines, marks }: Panel, top: number, last: number): string {
  const x = (seconds: number) => LEFT + ((WIDTH - LEFT - RIGHT) * seconds) / last;
  const y = (value: number) => top + PANEL * (1 - Math.min(1, Math.max(0, value / most)));
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(part * most).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#eee"/><text x="${LEFT - 6}" y="${at}" text-anchor="end" dominant-baseline="middle">${part * most}</text>`;
  });
  const ticks = Array.from({ length: Math.floor(last / 5) + 1 }, (_, at) => at * 5).map(
    (seconds) =>
      `<text x="${x(seconds).toFixed(1)}" y="${top + PANEL + 15}" text-anchor="middle">${seconds} s</text>`,
  );
  const drawn = lines.map(({ colour, dashes, points }) => {
    const path = points.map(
      ([seconds, value]) => `${x(seconds).toFixed(1)},${y(value).toFixed(1)}`,
    );
    const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
    return `<polyline fill="none" stroke="${colour}"${dashed} points="${path.join(' ')}"/>`;
  });
  const keys = lines.map(
    ({ name, colour }, at) =>
      `<text x="${WIDTH - RIGHT - at * 130}" y="${top - 5}" text-anchor="end" fill="${colour}">${name}</text>`,
  );
  const words = marks.map(
    ([seconds, text]) =>
      `<line x1="${x(seconds).toFixed(1)}" x2="${x(seconds).toFixed(1)}" y1="${top}" y2="${top + PANEL}" stroke="#ccc"/><text x="${(x(seconds) + 3).toFixed(1)}" y="${top + PANEL - 6}" fill="#555">${text}</text>`,
  );
  const head = `<text x="${LEFT}" y="${top - 5}">${title}</text>`;
  return [head, ...grid, ...ticks, ...words, ...drawn, ...keys].join('\n');
}
