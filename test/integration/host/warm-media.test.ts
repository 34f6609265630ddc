import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FromMedia } from '../../../host-publisher/media/messages.ts';
import { MediaChild } from '../../../host-publisher/supervision/media-child.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { isAlive } from '../../support/host/host-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const PLAN = aPlan({ sound: 'tone' });

const openChild = () => {
  const messages: FromMedia[] = [];
  const child = new MediaChild({ onMessage: (message) => void messages.push(message) });
  onTestFinished(() => child.stop());
  const told = <T extends FromMedia['type']>(type: T) =>
    waitFor(
      () => messages.find((one): one is Extract<FromMedia, { type: T }> => one.type === type),
      { timeoutMs: 15_000, what: type },
    );
  /** From the plan to the offer, in milliseconds. */
  const prepare = async (): Promise<number> => {
    messages.length = 0;
    const startedAtMs = performance.now();
    child.send({ type: 'prepare', plan: PLAN });
    await told('offer');
    return performance.now() - startedAtMs;
  };
  return { child, messages, told, prepare };
};
const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

describe('a warm media process', () => {
  it('knows what it will publish with, and builds nothing yet', async () => {
    const { child, messages, told } = openChild();
    child.send({ type: 'warm', plan: PLAN });
    const { encoder, sound } = await told('equipped');
    expect(encoder?.codec).toMatch(/^(H264|VP8)$/);
    expect(sound).toBe(true);
    expect(messages.map(({ type }) => type)).not.toContain('offer');
  });

  it('offers again and again in one process, whose handles stay', async () => {
    const { child, prepare } = openChild();
    await prepare();
    await child.leave('webrtc');
    await prepare();
    await child.leave('webrtc');
    const [pid, before] = [child.pid, handlesOf(child.pid)];
    for (let round = 0; round < 10; round += 1) {
      await prepare();
      await child.leave('webrtc');
    }
    expect(child.pid).toBe(pid);
    expect(isAlive(pid)).toBe(true);
    // One for each round would be ten; the runtime opens five, once, at a time of its own.
    expect(handlesOf(pid)).toBeLessThan(before + 10);
  });

  it('tries no encoder twice', async () => {
    const { child, messages, prepare } = openChild();
    child.send({ type: 'warm', plan: PLAN });
    await waitFor(() => messages.some(({ type }) => type === 'equipped'), {
      what: 'it to be warm',
    });
    await prepare();
    const tried = messages.filter((one) => one.type === 'trying' && one.encoder !== null);
    expect(tried).toEqual([]);
  });

  it('is released while it prepares: nothing of that is told', async () => {
    const { child, messages, prepare } = openChild();
    child.send({ type: 'prepare', plan: PLAN });
    await child.leave('webrtc');
    messages.length = 0;
    await prepare();
    expect(messages.filter(({ type }) => type === 'offer')).toHaveLength(1);
    expect(child.isAlive).toBe(true);
  });

  it('that hangs when it is released is killed', async () => {
    const { child, prepare } = openChild();
    await prepare();
    process.kill(child.pid, 'SIGSTOP');
    await child.leave('webrtc');
    expect(child.isAlive).toBe(false);
  });
});
