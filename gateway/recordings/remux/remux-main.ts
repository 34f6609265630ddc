import { constants, setPriority } from 'node:os';
import { remux } from './remux.ts';
import { RemuxJob, type RemuxReply } from './remux-job.ts';

/** Makes one file playable, behind everything else that the machine does, and ends. */
setPriority(constants.priority.PRIORITY_LOW);
process.on('message', (message) => void work(RemuxJob.parse(message)));
process.on('disconnect', () => process.exit(1));
// Ctrl+C reaches the whole group: the gateway decides when this process goes.
process.on('SIGINT', () => undefined);

async function work(job: RemuxJob): Promise<void> {
  try {
    const remuxed = await remux(job, (doneMs) => tell({ type: 'progress', doneMs }));
    tell(remuxed === null ? { type: 'empty' } : { type: 'done', remuxed });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell({ type: 'failed', reason, code: (error as NodeJS.ErrnoException).code ?? null });
  }
}

function tell(message: RemuxReply): void {
  process.send?.(message, undefined, {}, () => {
    if (message.type !== 'progress') process.exit(0);
  });
}
