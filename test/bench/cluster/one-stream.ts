import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.ts';
import { ClusterStage } from './cluster-stage.ts';
import { Crowd } from './crowd.ts';
import { countClients } from './node-clients.ts';
import { person } from './people.ts';

export interface OneStream {
  /** Viewers whose picture moves. */
  readonly playing: number;
  /** Clients of all nodes, those that carry the stream between them too. */
  readonly clients: number;
}

const ROOM = 'one-stream';
const SETTLE_MS = 30_000;

/** How many of a crowd have a picture of one stream, where each node is to take so many sessions. */
export async function measureOneStream(
  nodes: number,
  perNode: number,
  viewers: number,
): Promise<OneStream> {
  const env = { NODE_MAX_SESSIONS: String(perNode) };
  const stage = await ClusterStage.open({ nodes, gateways: 1, redis: false, env });
  const crowd = new Crowd(2);
  try {
    const { url } = stage.balancer;
    await crowd.publish(url, [person(ROOM, 'publisher', 'publish')]);
    const isSending = async (): Promise<boolean> => (await crowd.report()).sending === 1;
    await waitFor(isSending, { timeoutMs: SETTLE_MS, everyMs: 100, what: 'the publisher' });
    const people = Array.from({ length: viewers }, (_, at) =>
      person(ROOM, `viewer ${at + 1}`, 'watch'),
    );
    await crowd.watch(url, people);
    const endsAtMs = Date.now() + SETTLE_MS;
    let playing = 0;
    while (playing < viewers && Date.now() < endsAtMs) {
      await delay(500);
      ({ playing } = await crowd.report());
    }
    return { playing, clients: await countClients(stage) };
  } finally {
    await crowd.close();
    await stage.close();
  }
}
