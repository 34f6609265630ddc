import type { Property } from 'x11';
import { WindowEvents } from '../x11/window-events.ts';
import type { X11Connection } from '../x11/x11-connection.ts';
import { ClipboardFailure } from './clipboard.ts';

const SELECTION_NOTIFY = 31;
const PROPERTY_NOTIFY = 28;
/** In words of 4 bytes. */
const READ_WORDS = 64 * 1024;
/** An owner that says nothing for so long has no content. */
const SILENCE_MS = 4_000;
/** What comes in increments is taken to its end: xclip serves nobody else until it is rid of it. */
const TAKEN_BYTES = 64 * 1024 * 1024;

export interface SelectionWish {
  readonly selection: number;
  readonly target: number;
  readonly mostBytes: number;
}

/**
 * What the owner of a selection has for a target, whole. Fails with a ClipboardFailure: nobody has
 * it, it does not come, or it is larger than wanted.
 */
export async function readSelection(x11: X11Connection, wish: SelectionWish): Promise<Buffer> {
  const [property, incremental] = await Promise.all([x11.atom('PIXELCAST'), x11.atom('INCR')]);
  // A late answer to an earlier question finds its window gone.
  const window = x11.newWindow();
  const events = new WindowEvents(
    x11,
    (event) =>
      (event.type === SELECTION_NOTIFY && event.requestor === window) ||
      (event.type === PROPERTY_NOTIFY && event.wid === window && event.state === 0),
  );
  try {
    x11.client.ConvertSelection(window, wish.selection, wish.target, property, 0);
    await answered(events);
    const first = await sizeOf(x11, window, property);
    if (first.type !== incremental)
      return await readProperty(x11, window, property, wish.mostBytes);
    await readProperty(x11, window, property, 4);
    return await readIncrements(x11, events, window, property, wish.mostBytes);
  } finally {
    events.close();
    x11.destroyWindow(window);
  }
}

async function answered(events: WindowEvents): Promise<void> {
  for (;;) {
    const event = await events.next(SILENCE_MS);
    if (event === null || event.property === 0) throw gone();
    if (event.type === SELECTION_NOTIFY) return;
  }
}

/** Each increment is a new value of the property; an empty one is the last. */
async function readIncrements(
  x11: X11Connection,
  events: WindowEvents,
  window: number,
  property: number,
  mostBytes: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    if ((await events.next(SILENCE_MS)) === null) throw gone();
    const part = await readProperty(x11, window, property, TAKEN_BYTES - size);
    size += part.length;
    if (size > mostBytes) parts.length = 0;
    else parts.push(part);
    if (part.length > 0) continue;
    if (size > mostBytes) throw tooLarge();
    return Buffer.concat(parts);
  }
}

/** Reads and removes it. */
async function readProperty(
  x11: X11Connection,
  window: number,
  property: number,
  mostBytes: number,
): Promise<Buffer> {
  if ((await sizeOf(x11, window, property)).bytesAfter > mostBytes) throw tooLarge();
  const parts: Buffer[] = [];
  for (let offset = 0; ; offset += READ_WORDS) {
    const { data, bytesAfter } = await x11.ask<Property>((reply) =>
      x11.client.GetProperty(1, window, property, 0, offset, READ_WORDS, reply),
    );
    parts.push(data);
    if (bytesAfter === 0) return Buffer.concat(parts);
  }
}

const sizeOf = (x11: X11Connection, window: number, property: number): Promise<Property> =>
  x11.ask((reply) => x11.client.GetProperty(0, window, property, 0, 0, 0, reply));

const gone = (): ClipboardFailure =>
  new ClipboardFailure('gone', 'It is not in the clipboard any more.');

const tooLarge = (): ClipboardFailure =>
  new ClipboardFailure('too-large', 'It is larger than a clipboard may carry here.');
