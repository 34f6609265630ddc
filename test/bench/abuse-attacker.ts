import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Attack, Outcome } from './abuse-attacks.ts';
import { placedAt } from './media-server.ts';

const MAIN = fileURLToPath(new URL('abuse-attacker-main.ts', import.meta.url));
/** Of nice(1): legitimate clients on the same core go first, since theirs are the figures. */
const NICENESS = 19;

/** Lets a process of its own attack; resolves when it is through. */
export async function attackFromOutside(order: Attack, core: number): Promise<Outcome> {
  const child = fork(MAIN, placedAt({ core, niceness: NICENESS }));
  const ended = once(child, 'exit');
  child.send(order);
  const [outcome] = (await once(child, 'message')) as [Outcome];
  child.disconnect();
  await ended;
  return outcome;
}
