import type { Response } from 'express';
import type { LogLine } from '../docker/engine.ts';
import { LIMITS } from '../limits/limits.ts';

/** Whether it may go on is asked so often; what is written keeps proxies from cutting a quiet stream. */
const PING_MS = 5_000;

export interface LogStreamTerms {
  /** Throws at once when it cannot begin. */
  readonly lines: (signal: AbortSignal) => AsyncIterable<LogLine>;
  readonly isHead: boolean;
  /** Whether the reader may read no longer. */
  readonly isOver: () => boolean;
}

/** Answers with lines as server-sent events while they come, for an hour at most. */
export async function sendLines(res: Response, terms: LogStreamTerms): Promise<void> {
  const stop = new AbortController();
  const lines = terms.isHead ? null : terms.lines(stop.signal);
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  if (lines === null) {
    res.end();
    return;
  }
  res.flushHeaders();
  const end = (): void => stop.abort();
  res.on('close', end);
  const hour = setTimeout(end, LIMITS.logFollowMs);
  const ping = setInterval(() => {
    if (terms.isOver()) end();
    else res.write(':\n\n');
  }, PING_MS);
  try {
    for await (const line of lines) {
      if (stop.signal.aborted) break;
      res.write(`data: ${JSON.stringify(line)}\n\n`);
      // Who reads too slowly is told to come again by the end.
      if (res.writableLength > LIMITS.logUnreadBytes) break;
    }
  } catch {
    // The engine is gone: the end says it.
  } finally {
    clearTimeout(hour);
    clearInterval(ping);
    res.end();
  }
}
