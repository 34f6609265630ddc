import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkModel, failuresOf } from './check-model.ts';
import { startModelMedia, type RunningModelMedia } from './model/engine-media.ts';
import { replies } from './model/flaw-parts.ts';
import type { ModelOptions } from './model/model-server.ts';

const ONLY = 'WHIP-01,WHIP-34,WHIP-51,WHEP-01,WHEP-12,WHEP-15,WHEP-16,EVENT-05';
let running: RunningModelMedia;

beforeAll(async () => {
  running = await startModelMedia();
});

afterAll(() => running.close());

const check = (model: ModelOptions = {}, only = ONLY) =>
  checkModel({ media: running.room(), ...model }, { media: true, patienceMs: 8000, only }, running);

test('a server with media that keeps the rules fails none', { timeout: 60_000 }, async () => {
  const results = await check();
  expect(results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

test('an answer that nobody can connect to', { timeout: 60_000 }, async () => {
  const flaw = replies({ at: 'whip', status: 201 }, (reply) => {
    reply.body = reply.body.replace(/^(a=fingerprint:sha-256 )..:..:/gm, '$100:00:');
  });
  expect(failuresOf(await check({ flaw }, 'WHIP-01'))).toEqual(['WHIP-01 MUST']);
});

test('media that goes on after DELETE', { timeout: 60_000 }, async () => {
  const media = { ...running.room(), close: () => undefined };
  expect(failuresOf(await check({ media }, 'WHIP-30'))).toEqual(['WHIP-30 MUST']);
  const watched = { ...running.room(), close: () => undefined };
  expect(failuresOf(await check({ media: watched }, 'WHEP-15'))).toEqual(['WHEP-15 MUST']);
});

test('a vanished client that is never missed', { timeout: 60_000 }, async () => {
  running.onLost = () => undefined;
  const results = await checkModel(
    { media: running.room() },
    { media: true, patienceMs: 4000, only: 'WHIP-34' },
  );
  expect(failuresOf(results)).toEqual(['WHIP-34 MUST']);
});

test('a refused restart that ends the media', { timeout: 60_000 }, async () => {
  const media = running.room();
  const flaw = replies(
    { at: 'session', method: 'PATCH', status: 422 },
    (_reply, { path }, room) => {
      const session = room.session(path.slice('/sessions/'.length));
      if (session !== undefined) media.close(session.mediaId);
    },
  );
  expect(failuresOf(await check({ flaw, media }, 'WHEP-16'))).toEqual(['WHEP-16 MUST']);
});
