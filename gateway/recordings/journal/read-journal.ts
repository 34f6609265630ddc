import { open, type FileHandle } from 'node:fs/promises';
import { JournalEntry } from '../../protocol/journal.ts';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Which entries are wanted. Milliseconds since the recording began, both included. */
export interface JournalWish {
  readonly from: number;
  readonly to: number;
  /** Changes of control alone. */
  readonly controlOnly: boolean;
}

/**
 * Entries of a journal, oldest first. Lines that were cut by a crash or a full disk are passed over,
 * the last one as well while it is being written. Without a file there are none.
 */
export async function* readJournal(path: string, wish: JournalWish): AsyncGenerator<JournalEntry> {
  const file = await openIfThere(path);
  if (file === null) return;
  try {
    const start = await startOf(file, wish.from);
    for await (const { text } of linesOf(file, start)) {
      const entry = wish.controlOnly && !text.includes('"control"') ? null : entryOf(text);
      if (entry === null || entry.at < wish.from) continue;
      if (entry.at > wish.to) return;
      if (!wish.controlOnly || entry.type === 'control') yield entry;
    }
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

interface Line {
  readonly text: string;
  /** Where it begins, bytes. */
  readonly start: number;
}

async function* linesOf(file: FileHandle, from: number): AsyncGenerator<Line> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let start = from;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, start + rest.length);
    if (bytesRead === 0) return;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let begin = 0;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, begin)) {
      yield { text: bytes.toString('utf8', begin, at), start: start + begin };
      begin = at + 1;
    }
    rest = bytes.subarray(begin);
    start += begin;
  }
}

/** Where to read from to have all entries since a time: found by halving, for they stand in order. */
async function startOf(file: FileHandle, from: number): Promise<number> {
  let low = 0;
  let high = (await file.stat()).size;
  while (from > 0 && high - low > CHUNK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = await firstWhole(file, middle, high);
    if (line !== null && line.at < from) low = line.start;
    else high = middle;
  }
  return low;
}

/** The first entry that begins after a place, which may be within a line. */
async function firstWhole(
  file: FileHandle,
  place: number,
  before: number,
): Promise<{ at: number; start: number } | null> {
  let isFirst = true;
  for await (const { text, start } of linesOf(file, place)) {
    if (start >= before) return null;
    const entry = isFirst ? null : entryOf(text);
    if (entry !== null) return { at: entry.at, start };
    isFirst = false;
  }
  return null;
}

function entryOf(line: string): JournalEntry | null {
  try {
    return JournalEntry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
