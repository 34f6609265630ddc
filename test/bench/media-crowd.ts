import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdSight, FeedDone, ToMediaCrowd, ToMediaFeed } from './media-crowd-messages.ts';
import { placedAt, type CpuPlace } from './media-server.ts';

/** A process of a bench that answers each message with one. */
class Helper<To extends object, Answer> {
  readonly child: ChildProcess;

  constructor(module: string, place: CpuPlace) {
    this.child = fork(fileURLToPath(new URL(module, import.meta.url)), {
      ...placedAt(place),
      serialization: 'advanced',
    });
  }

  async tell(message: To): Promise<Answer> {
    const answer = once(this.child, 'message');
    this.child.send(message);
    const [given] = (await answer) as [Answer];
    return given;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}

/** Viewers in a process of their own. */
export class MediaCrowd extends Helper<ToMediaCrowd, CrowdSight> {
  constructor(place: CpuPlace) {
    super('media-crowd-main.ts', place);
  }
}

/** A publisher in a process of its own. */
export class MediaFeed extends Helper<ToMediaFeed, FeedDone> {
  constructor(place: CpuPlace) {
    super('media-feed-main.ts', place);
  }
}

/** The baseline in a process of its own; resolves with its URL once it listens. */
export async function startBroadcast(
  place: CpuPlace,
): Promise<{ readonly url: string; readonly pid: number; close(): Promise<void> }> {
  const helper = new Helper<never, number>('media-broadcast-main.ts', place);
  const [port] = (await once(helper.child, 'message')) as [number];
  return {
    url: `ws://127.0.0.1:${port}/`,
    pid: helper.child.pid ?? 0,
    close: () => helper.close(),
  };
}
