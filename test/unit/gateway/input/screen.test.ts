import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { InputStand } from '../../../support/gateway/an-input-desk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const viewport = (width: number) =>
  ({ type: 'viewport', size: { width, height: 600, scale: 1 } }) as const;
const NO_WISH = { type: 'viewport', size: null };

describe('the viewport', () => {
  test('[INPUT-36] of the one with the pointer goes to the host, the newest of many', () => {
    const stand = new InputStand();
    const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
    stand.grant('anna', 7);
    for (let width = 800; width <= 900; width += 1) stand.desk.hear(anna, viewport(width), 0);
    stand.desk.hear(ben, viewport(100), 0);
    vi.advanceTimersByTime(1_000);
    expect(stand.channel.told).toEqual([viewport(800), viewport(900)]);
    expect(ben.told).toMatchObject([{ type: 'input/refused', why: 'not-holder' }]);
  });

  test('[INPUT-37] is taken back when its sender has the pointer no more, and not before', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    stand.desk.hear(anna, viewport(800), 0);
    stand.lose();
    stand.grant('anna', 8);
    expect(stand.channel.told).toEqual([viewport(800)]);
    stand.grant('ben', 9, ['keyboard']);
    expect(stand.channel.told).toEqual([viewport(800)]);
    stand.desk.hear(anna, viewport(900), 0);
    stand.grant('ben', 10);
    vi.advanceTimersByTime(1_000);
    expect(stand.channel.told).toEqual([viewport(800), NO_WISH]);
    stand.grant(null, 11);
    expect(stand.channel.told).toHaveLength(2);
  });

  test('[INPUT-37] is told to a host that comes anew', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    stand.desk.hear(anna, viewport(800), 0);
    stand.desk.setHost(null);
    stand.desk.setHost(stand.host);
    expect(stand.channel.told).toEqual([viewport(800), viewport(800)]);
  });
});

describe('a command of the host', () => {
  const run = (command = 'terminal', id = 'x') => ({ type: 'host/run', id, command }) as const;
  const aStand = () => {
    const stand = new InputStand({ commands: ['terminal'] });
    const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
    stand.grant('anna', 7);
    return { stand, anna, ben };
  };
  const settled = () => vi.advanceTimersByTimeAsync(0);

  test('[INPUT-38] is run for the holder of the keyboard, who hears what came of it', async () => {
    const { stand, anna } = aStand();
    stand.desk.hear(anna, run(), 0);
    const [asked] = stand.channel.told;
    expect(asked).toMatchObject({ type: 'host/run', command: 'terminal' });
    const id = asked !== undefined && 'id' in asked ? String(asked.id) : '';
    expect(id).not.toBe('x');
    stand.host.answer({ id, ok: true, detail: 'Started.' });
    await settled();
    expect(anna.told).toEqual([{ type: 'host/ran', id: 'x', ok: true, sentence: 'Started.' }]);
    expect(stand.runs).toMatchObject([{ by: 'anna', command: 'terminal', ok: true }]);
  });

  test.each([
    ['of another viewer', 'ben', 'terminal'],
    ['that the host does not allow', 'anna', 'rm -rf /'],
    ['named as JavaScript’s own', 'anna', 'constructor'],
  ] as const)('[INPUT-38] one %s is refused here', async (_, by, command) => {
    const { stand, anna, ben } = aStand();
    const viewer = by === 'anna' ? anna : ben;
    stand.desk.hear(viewer, run(command), 0);
    await settled();
    expect(stand.channel.told).toEqual([]);
    expect(viewer.told).toMatchObject([{ type: 'host/ran', id: 'x', ok: false }]);
    expect(stand.runs).toMatchObject([{ command, ok: false }]);
  });

  test('[INPUT-38] one a second is run; a host that does not answer is told of', async () => {
    const { stand, anna } = aStand();
    for (const id of ['a', 'b', 'c']) stand.desk.hear(anna, run('terminal', id), 0);
    await settled();
    expect(stand.channel.count('host/run')).toBe(1);
    expect(anna.told).toMatchObject([
      { id: 'b', ok: false },
      { id: 'c', ok: false },
    ]);
    await vi.advanceTimersByTimeAsync(LIMITS.commandMs);
    expect(anna.told.at(-1)).toMatchObject({ id: 'a', ok: false });
  });
});
