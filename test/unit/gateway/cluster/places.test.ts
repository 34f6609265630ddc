import { expect, onTestFinished, test } from 'vitest';
import { Places } from '../../../../gateway/cluster/places.ts';

const PLACE = { service: 'run-1', clientId: 'c7' };

/** Places of a gateway that has nothing itself, over a Redis that knows no client. */
function aStage() {
  const stage = { ms: 0, reached: 1, claimed: () => Promise.resolve(false) };
  const places = new Places({
    store: {
      isReady: true,
      get reached() {
        return stage.reached;
      },
      claim: () => Promise.resolve(),
      disclaim: () => Promise.resolve(),
      isClaimed: () => stage.claimed(),
    },
    isHere: () => false,
    own: () => [],
    now: () => stage.ms,
  });
  const isElsewhere = (): Promise<boolean> => places.isElsewhere(PLACE, 'demo/main');
  return { stage, isElsewhere };
}

test('[CHAOS-35] takes nobody for a stranger until all had time to tell a new Redis', async () => {
  const { stage, isElsewhere } = aStage();
  expect(await isElsewhere()).toBe(true);
  stage.ms = 10_000;
  expect(await isElsewhere()).toBe(false);
  stage.reached = 2;
  expect(await isElsewhere()).toBe(true);
  stage.ms = 20_000;
  expect(await isElsewhere()).toBe(false);
});

test('[CHAOS-35] believes no answer that was asked for before Redis was reached anew', async () => {
  const { stage, isElsewhere } = aStage();
  await isElsewhere();
  stage.ms = 10_000;
  stage.claimed = () => {
    stage.reached = 2;
    return Promise.resolve(false);
  };
  expect(await isElsewhere()).toBe(true);
});

test('[ADOPT-08] nobody is taken for a stranger while Redis is away or has just come back', async () => {
  let nowMs = 0;
  const claimed = new Set<string>();
  const store = {
    isReady: false,
    reached: 0,
    claim: ({ clientId }: { clientId: string }) => {
      claimed.add(clientId);
      return Promise.resolve();
    },
    disclaim: () => Promise.resolve(),
    isClaimed: ({ clientId }: { clientId: string }) => Promise.resolve(claimed.has(clientId)),
  };
  const own = [{ service: 's', clientId: 'own' }];
  const places = new Places({
    ...{ store, own: () => own, now: () => nowMs },
    isHere: (path) => path.startsWith('home/'),
  });
  onTestFinished(() => places.close());
  places.start();
  const stranger = { service: 's', clientId: 'stranger' };
  expect(await places.isElsewhere(stranger, 'demo/main')).toBe(true);
  [store.isReady, store.reached] = [true, 1];
  await expect.poll(() => claimed.has('own')).toBe(true);
  expect(await places.isElsewhere(stranger, 'demo/main')).toBe(true);
  nowMs += 60_000;
  expect(await places.isElsewhere(stranger, 'demo/main')).toBe(false);
  places.claim(stranger);
  expect(await places.isElsewhere(stranger, 'demo/main')).toBe(true);
  expect(await places.isElsewhere(stranger, 'home/main')).toBe(false);
});
