import { describe, expect, it } from 'vitest';
import { mediaEnvironment } from '../../../host-publisher/environment.ts';
import type { Injection } from '../../../host-publisher/input/injection.ts';
import { CubeFeed } from '../../../host-publisher/media/cube/cube-feed.ts';
import { describeCubeInput, openCube } from '../../../host-publisher/media/cube/cube-source.ts';
import { GlCube, describeGlCube } from '../../../host-publisher/media/cube/gl-cube.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { FedSource, gapsOf } from '../../support/host/fed-source.ts';
import { waitFor } from '../../support/wait-for.ts';

Object.assign(process.env, mediaEnvironment());
const gst = loadGst();
gst.init(null, null, [null]);
const picture = { width: 320, height: 180, fps: 30, bitrateKbps: 500 };

const lumaAt = (bytes: Buffer | undefined, column: number, row: number): number =>
  bytes?.[Math.floor((row + 0.5) * 5) * 320 + Math.floor((column + 0.5) * 5)] ?? 0;
const bits = (bytes: Buffer | undefined, row: number, columns: number): bigint => {
  let code = 0n;
  for (let column = 0; column < columns; column += 1) {
    const at = Math.floor(((column + 0.5) * 64) / columns);
    const isOne = lumaAt(bytes, at, row) > lumaAt(bytes, at, row + 1);
    code = (code << 1n) | (isOne ? 1n : 0n);
  }
  return code;
};

/** Share of the bytes that are not nearly the same. */
const unlike = (one: Buffer | undefined, other: Buffer | undefined): number => {
  if (one === undefined || other === undefined) return 1;
  return one.filter((value, at) => Math.abs(value - (other[at] ?? 0)) > 24).length / one.length;
};

describe('the cube by OpenGL', () => {
  it('turns without a window, at times of a fixed rate, with time code and input', async () => {
    const fed = await FedSource.play(
      gst,
      await openCube(gst, aPlan({ renderer: 'gl', picture }), () => undefined),
    );
    await waitFor(() => fed.picture.length > 40, { timeoutMs: 15_000, what: 'forty frames' });
    for (const gap of gapsOf(fed.picture)) {
      const frames = (gap * 30) / 1000;
      expect(frames).toBeGreaterThan(0.5);
      expect(Math.abs(frames - Math.round(frames))).toBeLessThan(0.01);
    }
    const [one, other] = [fed.picture[20], fed.picture[30]];
    const paintedAtMs = Number(bits(other?.bytes, 0, 64) >> 20n);
    expect(Math.abs(Date.now() - paintedAtMs)).toBeLessThan(10_000);
    expect(bits(other?.bytes, 0, 64)).toBeGreaterThan(bits(one?.bytes, 0, 64));
    const middle = (bytes?: Buffer) => bytes?.subarray(90 * 320, 140 * 320);
    expect(middle(one?.bytes)?.equals(middle(other?.bytes) ?? Buffer.alloc(0))).toBe(false);

    fed.feed?.mark?.(0xcafe_0042);
    await waitFor(() => bits(fed.picture.at(-1)?.bytes, 2, 32) === 0xcafe_0042n, {
      what: 'the number of the input',
    });
  });

  it('turns as it is turned, in the colours that were chosen, like the one in software', async () => {
    const acts: readonly Injection[] = [
      { type: 'text', text: ' 4' },
      { type: 'wheel', x: 0, y: -360 },
      { type: 'button', button: 0, down: true },
      { type: 'move', x: 0.2, y: 0.2 },
      { type: 'move', x: 0.4, y: 0.6 },
    ];
    const middleOf = async (renderer: 'gl' | 'software') => {
      const plan = aPlan({ renderer, picture });
      const fed = await FedSource.play(gst, await openCube(gst, plan, () => undefined));
      fed.feed?.inject?.(acts, false);
      await waitFor(() => fed.picture.length > 20, { timeoutMs: 15_000, what: 'twenty frames' });
      return fed.picture.at(-1)?.bytes.subarray(40 * 320, 140 * 320);
    };
    const [byGl, bySoftware] = [await middleOf('gl'), await middleOf('software')];
    expect(unlike(byGl, bySoftware)).toBeLessThan(0.02);
  });

  it('is rebuilt when its context is lost, and software paints meanwhile', async () => {
    const notices: string[] = [];
    let starts = 0;
    const fed = await FedSource.play(gst, {
      elements: [],
      text: describeCubeInput(picture),
      sound: null,
      feed: (pipeline) => {
        const describe = () => {
          starts += 1;
          const ending = starts <= 2 ? ' ! identity error-after=20' : '';
          return `${describeGlCube(picture)}${ending}`;
        };
        const notice = (text: string) => void notices.push(text);
        return new CubeFeed(pipeline, picture, new GlCube({ gst, picture, describe, notice }));
      },
    });
    await waitFor(() => notices.length === 2, { timeoutMs: 15_000, what: 'OpenGL to be back' });
    expect(notices[0]).toMatch(/^OpenGL failed and is started anew; until then software paints \(/);
    expect(notices[1]).toBe('OpenGL works again.');
    expect(starts).toBeGreaterThanOrEqual(2);
    const before = fed.picture.length;
    await waitFor(() => fed.picture.length > before + 30, {
      timeoutMs: 15_000,
      what: 'more frames',
    });
    for (const gap of gapsOf(fed.picture)) expect(gap).toBeGreaterThan(0);
    expect(Math.max(...gapsOf(fed.picture.slice(10)))).toBeLessThan(1_000);
  });

  it('is left to software by auto where there is no graphics card', async () => {
    const source = await openCube(gst, aPlan({ renderer: 'auto', picture }), () => undefined);
    expect(source.feed).not.toBeNull();
  });
});
