import { expect, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { PlayerSteps } from '../../../gateway/protocol/diary.ts';
import { Diaries } from '../../../gateway/rooms/diaries.ts';
import { aCore } from '../../support/gateway/a-gateway-core.ts';

async function aStage() {
  const core = await aCore();
  const steps: string[] = [];
  const diaries = new Diaries({
    now: () => core.clock.now,
    onStep: ({ step, by, kind }, seconds) => void steps.push(`${kind} ${step} ${by} ${seconds}`),
  });
  core.observers.push(diaries);
  return { core, diaries, steps };
}

const told = (session: string, more: Partial<PlayerSteps> = {}) =>
  PlayerSteps.parse({
    ...{ type: 'viewer/steps', session, stun: null, dtls: null, rtp: null, frame: null },
    ...{ problem: null, ...more },
  });

test('[DIAG-12] a diary has what gateway, node and player saw, each once, and how long it took', async () => {
  const { core, diaries, steps } = await aStage();
  await core.publish();
  const arrival = { at: core.clock.now - 30, authenticatedAt: core.clock.now - 20 };
  const session = await core.play({ arrival });
  core.clock.now += 500;
  core.sessions.setLive(session);
  diaries.hear(told(session.secret, { stun: 60, dtls: 90 }));
  diaries.hear(told(session.secret, { stun: 61, dtls: 91, rtp: 120, frame: 200 }));
  expect(diaries.bySecret(session.secret)).toMatchObject({
    session: session.id,
    beganAt: arrival.at,
    entries: [
      { step: 'auth', by: 'gateway', atMs: 10 },
      { step: 'route', by: 'gateway', atMs: 30 },
      { step: 'answer', by: 'gateway', atMs: 30 },
      { step: 'rtp', by: 'node', atMs: 530 },
      { step: 'stun', by: 'player', atMs: 60 },
      { step: 'dtls', by: 'player', atMs: 90 },
      { step: 'rtp', by: 'player', atMs: 120 },
      { step: 'frame', by: 'player', atMs: 200 },
    ],
    problem: null,
    endReason: null,
  });
  expect(diaries.byId(session.id)).toEqual(diaries.bySecret(session.secret));
  expect(steps.filter((step) => step.startsWith('watch stun'))).toEqual(['watch stun player 0.06']);
});

test('[DIAG-12] the player says why it gave up, and the diary outlives the session', async () => {
  const { core, diaries } = await aStage();
  await core.publish();
  const session = await core.play();
  await core.sessions.end(session, 'client');
  diaries.hear(told(session.secret, { problem: 'udp-blocked' }));
  expect(diaries.bySecret(session.secret)).toMatchObject({
    problem: 'udp-blocked',
    endReason: 'client',
  });
});

test('[DIAG-12] nobody writes into the diary of a publisher, or of a session that is not there', async () => {
  const { core, diaries } = await aStage();
  const publisher = await core.publish();
  diaries.hear(told(publisher.secret, { frame: 1 }));
  diaries.hear(told('guessed', { frame: 1 }));
  const entries = diaries.bySecret(publisher.secret)?.entries ?? [];
  expect(entries.map(({ by }) => by)).toEqual(['gateway', 'gateway', 'gateway']);
  expect(diaries.size).toBe(1);
});

test('[DIAG-12] a refused offer has a diary that ends where it was refused', async () => {
  const { core, diaries } = await aStage();
  core.node.failures.push(new Error('no'), new Error('no'));
  await expect(core.publish()).rejects.toThrow();
  expect(diaries.size).toBe(1);
});

test('[DIAG-13] diaries of ended sessions are forgotten, the oldest first', async () => {
  const { core, diaries } = await aStage();
  const first = await core.publish();
  for (let n = 0; n <= LIMITS.endedDiaries; n += 1) await core.publish();
  expect(diaries.bySecret(first.secret)).toBeUndefined();
  expect(diaries.byId(first.id)).toBeUndefined();
  expect(diaries.size).toBe(LIMITS.endedDiaries + 1);
});

test.each([
  { stun: -1 },
  { frame: 600_001 },
  { rtp: '5' },
  { problem: 'Not a code' },
  { session: 'x'.repeat(129) },
  { more: 1 },
])('[DIAG-14] steps as %o are refused', (more) => {
  const steps = { ...told('secret'), ...more };
  expect(PlayerSteps.safeParse(steps).success).toBe(false);
});
