import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Envelope } from '../../../../gateway/cluster/envelope.ts';
import { NodeActs } from '../../../../gateway/cluster/node-acts.ts';
import type { NodeAct } from '../../../../gateway/rooms/fleet/fleet-desk.ts';

/** A Redis that has one hash, and whose news reach everybody else. */
class Redis {
  isReady = true;
  readonly noted = new Map<string, string>();
  readonly ears: ((text: string) => void)[] = [];
  readonly said: string[] = [];

  run(script: { readonly text: string }, _key: unknown, args: readonly string[]): Promise<unknown> {
    if (!this.isReady) return Promise.reject(new Error('away'));
    if (script.text.includes('HVALS')) return Promise.resolve([...this.noted.values()]);
    const [node = '', at = '', text = ''] = args;
    this.noted.set(node, `${at} ${text}`);
    return Promise.resolve(1);
  }
}

function aGateway(redis: Redis, { nodes = ['a:1985'], secret = 'secret', hears = true } = {}) {
  const known = new Set(nodes);
  const done: NodeAct[] = [];
  let own: ((text: string) => void) | undefined;
  const acts = new NodeActs({
    link: redis,
    news: {
      tell: (_topic, text) => {
        redis.said.push(text);
        for (const ear of redis.ears) if (redis.isReady && ear !== own) ear(text);
        return Promise.resolve(redis.isReady);
      },
      hear: (_topic, listener) => {
        own = (text) => {
          listener(text, 'another');
        };
        if (hears) redis.ears.push(own);
      },
    },
    envelope: new Envelope(secret),
    follow: (act) => {
      if (act.act !== 'add' && !known.has(act.node)) return false;
      done.push(act);
      return true;
    },
    log: pino({ level: 'silent' }),
    now: () => 1_000,
  });
  onTestFinished(() => {
    acts.close();
  });
  return { acts, done, known };
}

const CORDON: NodeAct = { act: 'cordon', node: 'a:1985' };
const UNCORDON: NodeAct = { act: 'uncordon', node: 'a:1985' };

describe('[CLUSTER-31] what is done with a node at one gateway', () => {
  test('is done at the others, once', async () => {
    const redis = new Redis();
    const [one, two] = [aGateway(redis), aGateway(redis)];
    one.acts.tell(CORDON);
    one.acts.tell(UNCORDON);
    expect(two.done).toEqual([CORDON, UNCORDON]);
    await two.acts.compare();
    await one.acts.compare();
    expect([one.done, two.done]).toEqual([[], [CORDON, UNCORDON]]);
  });

  test('is done by one that did not hear it, or is started later: the newest alone', async () => {
    const redis = new Redis();
    const [one, deaf] = [aGateway(redis), aGateway(redis, { hears: false })];
    one.acts.tell(CORDON);
    one.acts.tell({ act: 'drain', node: 'a:1985', deadlineAt: 9_000, spreadMs: 10 });
    await deaf.acts.compare();
    expect(deaf.done).toEqual([{ act: 'drain', node: 'a:1985', deadlineAt: 9_000, spreadMs: 10 }]);
  });

  test('waits for a node that is not known there yet', async () => {
    const redis = new Redis();
    const [one, two] = [aGateway(redis), aGateway(redis, { nodes: [] })];
    one.acts.tell(CORDON);
    expect(two.done).toEqual([]);
    two.known.add('a:1985');
    await two.acts.compare();
    expect(two.done).toEqual([CORDON]);
  });

  test('while Redis is away is told when it is back', async () => {
    const redis = new Redis();
    const [one, two] = [aGateway(redis), aGateway(redis)];
    redis.isReady = false;
    one.acts.tell(CORDON);
    await one.acts.compare();
    expect(two.done).toEqual([]);
    redis.isReady = true;
    await one.acts.compare();
    await two.acts.compare();
    expect(two.done).toEqual([CORDON]);
  });

  test('is not to be read in Redis, nor to be made up by who has no secret', async () => {
    const redis = new Redis();
    const [one, stranger] = [aGateway(redis), aGateway(redis, { secret: 'another' })];
    const entry = { url: 'http://b:1985', user: 'u', password: 'hidden-word' };
    one.acts.tell({ act: 'add', node: 'b:1985', entry });
    stranger.acts.tell(CORDON);
    expect(JSON.stringify([...redis.noted, ...redis.said])).not.toMatch(/hidden-word|cordon/);
    await one.acts.compare();
    await stranger.acts.compare();
    expect([one.done, stranger.done]).toEqual([[], []]);
    for (const text of ['', 'x', '1 x', '99999999999999999999 x']) redis.noted.set('a:1985', text);
    await one.acts.compare();
    expect(one.done).toEqual([]);
  });
});
