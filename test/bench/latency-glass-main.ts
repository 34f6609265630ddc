/**
 * Reads the time code (see `web/core/picture-codes.ts`) off an X11 screen 500 times a second, in a
 * process of its own: `latency-glass-main.ts <display> <x> <y> <width>`, where on the screen the
 * picture is. Says `ready`; hands out what has appeared whenever it is told `take`.
 */
import { loadGst } from '../../host-publisher/media/gstreamer/native.ts';
import { watchPassing } from '../../host-publisher/media/gstreamer/passing.ts';
import { Pipeline } from '../../host-publisher/media/gstreamer/pipeline.ts';
import { viewRawPicture } from '../../host-publisher/media/gstreamer/raw-pictures.ts';
import type { Appearance } from './latency-glass.ts';

const COLUMNS = 64;
/** Of brightness, between a block and its inverse. */
const LEAST = 60;
const PER_SECOND = 500;

const [display = '', ...numbers] = process.argv.slice(2);
const [x = 0, y = 0, width = 0] = numbers.map(Number);
const block = width / COLUMNS;
const gst = loadGst();
gst.init(null, null, [null]);
const pipeline = Pipeline.parse(
  gst,
  `ximagesrc display-name=${display} use-damage=false show-pointer=false ` +
    `startx=${x} starty=${y} endx=${x + width - 1} endy=${y + Math.ceil(2 * block) - 1} ! ` +
    `video/x-raw,format=BGRx,framerate=${PER_SECOND}/1 ! ` +
    'appsink name=screen emit-signals=true sync=false max-buffers=1 drop=true',
);
let appeared: Appearance[] = [];
let last = -1;
watchPassing(gst, pipeline, 'screen', (passing) => {
  const atMs = performance.timeOrigin + performance.now();
  viewRawPicture(passing, ({ pixels, width: columns }) => {
    const code = read(pixels, columns);
    if (code === null) return;
    const frame = Number(code & 0xfffffn);
    if (frame === last) return;
    last = frame;
    appeared.push({ frame, paintedAtMs: Number(code >> 20n), atMs });
  });
});
process.on('message', () => {
  process.send?.(appeared);
  appeared = [];
});
process.once('disconnect', () => void pipeline.close().finally(() => process.exit(0)));
await pipeline.play();
process.send?.('ready');
await pipeline.ended;

function read(pixels: Buffer, columns: number): bigint | null {
  const green = (row: number, column: number): number => {
    const at = Math.floor((row + 0.5) * block) * columns + Math.floor((column + 0.5) * block);
    return pixels[at * 4 + 1] ?? 0;
  };
  let code = 0n;
  for (let column = 0; column < COLUMNS; column += 1) {
    const difference = green(0, column) - green(1, column);
    if (Math.abs(difference) < LEAST) return null;
    code = (code << 1n) | (difference > 0 ? 1n : 0n);
  }
  return code;
}
