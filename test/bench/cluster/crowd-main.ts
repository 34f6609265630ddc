/** A process of viewers or publishers, driven by messages of its parent (`crowd.ts`). */
import { seededRandom } from '../../support/net/seeded-random.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ChaosSender } from './chaos-sender.ts';
import { ChaosWatcher } from './chaos-watcher.ts';
import type { CrowdReport, EndedSession, Outage, ToCrowd } from './crowd-messages.ts';

const LOOK_MS = 50;
/** A crowd that begins does not come in one instant. */
const SPREAD_MS = 40;
const AWAY_MS = 500;

const watchers: ChaosWatcher[] = [];
const senders: ChaosSender[] = [];
let joinsMs: number[] = [];
let outages: Outage[] = [];
let ended: EndedSession[] = [];
let churning: NodeJS.Timeout | undefined;

setInterval(() => {
  const nowMs = Date.now();
  for (const watcher of watchers) watcher.look(nowMs);
}, LOOK_MS);
process.on('message', (message) => void handle(message as ToCrowd));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToCrowd): Promise<void> {
  await obey(message);
  process.send?.(report(), () => {
    // The library keeps the process alive for ever once a peer has lived.
    if (message.type === 'end') process.exit(0);
  });
}

async function obey(message: ToCrowd): Promise<void> {
  switch (message.type) {
    case 'publish':
      for (const person of message.people) {
        const sender = new ChaosSender(message.url, person, (end) => ended.push(end));
        senders.push(sender);
        sender.start();
      }
      return;
    case 'watch':
      for (const [at, person] of message.people.entries()) {
        const watcher = new ChaosWatcher(message.url, person, {
          onJoined: (afterMs) => joinsMs.push(afterMs),
          onOutage: (outage) => outages.push(outage),
          onEnded: (end) => ended.push(end),
        });
        watchers.push(watcher);
        setTimeout(() => watcher.start(), at * SPREAD_MS);
      }
      return;
    case 'churn':
      churn(message.perSecond, seededRandom(message.seed));
      return;
    case 'leave':
      clearInterval(churning);
      for (const person of [...watchers, ...senders]) person.stop();
      await waitFor(() => watchers.every(({ isWatching }) => !isWatching), {
        what: 'all to leave',
      });
      return;
    case 'report':
    case 'end':
      return;
    default:
      message satisfies never;
  }
}

function churn(perSecond: number, random: () => number): void {
  clearInterval(churning);
  if (perSecond === 0) return;
  churning = setInterval(() => {
    const watcher = watchers[Math.floor(random() * watchers.length)];
    // Who waits for a picture goes on waiting: how long it takes is what is asked.
    if (watcher?.isPlaying !== true) return;
    watcher.stop();
    setTimeout(() => watcher.start(), AWAY_MS * random());
  }, 1_000 / perSecond);
}

/** What happened since the last one, and how all are now. */
function report(): CrowdReport {
  const watching = watchers.filter(({ isWatching }) => isWatching);
  const people = [...watching, ...senders];
  const told: CrowdReport = {
    ...{ joinsMs, outages, ended },
    watching: watching.length,
    playing: watching.filter(({ isPlaying }) => isPlaying).length,
    late: watching.filter(({ isLate }) => isLate).length,
    publishing: senders.length,
    sending: senders.filter(({ isLive }) => isLive).length,
    failed: people.flatMap(({ failure, standing }) => (failure === null ? [] : [standing])),
    waiting: [
      ...watching.filter(({ isLate }) => isLate),
      ...senders.filter(({ isLive }) => !isLive),
    ].map(({ standing }) => standing),
  };
  joinsMs = [];
  outages = [];
  ended = [];
  return told;
}
