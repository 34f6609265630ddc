import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.ts';
import { ClusterStage } from './cluster-stage.ts';
import { ControlRoom } from './control-room.ts';
import { Crowd } from './crowd.ts';
import type { CrowdReport } from './crowd-messages.ts';
import { person, sumOf } from './people.ts';

export interface RollingRestart {
  readonly restarts: number;
  readonly viewers: number;
  /** Sessions that ended. */
  readonly ended: CrowdReport['ended'];
  /** Times without a picture, ms. */
  readonly standstillsMs: readonly number[];
  /** The longest time without input in each restart, ms. */
  readonly controlGapsMs: readonly number[];
}

const ROOMS = 4;
const READY_MS = 120_000;
const CALM_MS = 3_000;

/** Each gateway in turn leaves by SIGTERM and is started anew, while a crowd watches and one controls. */
export async function measureRollingRestart(
  viewers: number,
  rounds: number,
): Promise<RollingRestart> {
  const stage = await ClusterStage.open({ nodes: 2, gateways: 2, redis: true });
  const crowd = new Crowd(2);
  const news: CrowdReport[] = [];
  const look = async (): Promise<CrowdReport> => {
    const report = await crowd.report();
    news.push(report);
    return report;
  };
  let control: ControlRoom | null = null;
  try {
    const { url } = stage.balancer;
    const rooms = Array.from({ length: ROOMS }, (_, at) => `room-${at + 1}`);
    await crowd.publish(
      url,
      rooms.map((room) => person(room, `publisher of ${room}`, 'publish')),
    );
    const options = { timeoutMs: READY_MS, everyMs: 200 };
    await waitFor(async () => (await look()).sending === ROOMS, { ...options, what: 'senders' });
    const people = Array.from({ length: viewers }, (_, at) =>
      person(rooms[at % ROOMS] ?? '', `viewer ${at + 1}`, 'watch'),
    );
    await crowd.watch(url, people);
    await waitFor(async () => (await look()).playing === viewers, { ...options, what: 'pictures' });
    control = await ControlRoom.open(url);
    news.length = 0;
    const controlGapsMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const gateway of stage.gateways) {
        control.takeGap();
        await gateway.leave();
        gateway.start();
        await stage.whole();
        await delay(CALM_MS);
        await look();
        controlGapsMs.push(control.takeGap());
      }
    }
    const { ended, outages } = sumOf(news);
    const standstillsMs = outages.map(({ fromMs, toMs }) => toMs - fromMs);
    return { restarts: controlGapsMs.length, viewers, ended, standstillsMs, controlGapsMs };
  } finally {
    await control?.close();
    await crowd.close();
    await stage.close();
  }
}
