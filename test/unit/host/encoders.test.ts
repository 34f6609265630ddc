import { describe, expect, it } from 'vitest';
import { describePipeline, pipelineElements } from '../../../host-publisher/media/description.ts';
import { describeEncoding } from '../../../host-publisher/media/encoding/branch.ts';
import { ENCODERS, ENCODER_NAMES } from '../../../host-publisher/media/encoding/encoders.ts';
import { packageOf } from '../../../host-publisher/media/gstreamer/elements.ts';
import { describeCubeInput } from '../../../host-publisher/media/cube/cube-source.ts';
import { fitted } from '../../../host-publisher/media/sources/fitting.ts';
import { describeX11 } from '../../../host-publisher/media/sources/x11-source.ts';
import { aPlan } from '../../support/host/a-plan.ts';

const PICTURE = { width: 1280, height: 720, fps: 30, bitrateKbps: 2000 };

describe('the table of encoders', () => {
  it('has hardware first, then H.264 in software, then VP8', () => {
    const ranks = ENCODERS.map(({ hardware, codec }) => (hardware ? 0 : codec === 'H264' ? 1 : 2));
    expect(ranks).toEqual(ranks.toSorted());
    expect(ENCODER_NAMES.slice(-3)).toEqual(['x264enc', 'openh264enc', 'vp8enc']);
  });

  it.each(ENCODERS)('$element: each setting once, each with its reason', (encoder) => {
    const settings = [...encoder.settings, ...encoder.perRate(30)];
    const names = settings.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { reason } of settings) expect(reason.length).toBeGreaterThan(5);
  });

  it.each(ENCODERS)('$element: the rate is in the unit that its property has', (encoder) => {
    const expected = ['openh264enc', 'vp8enc'].includes(encoder.element) ? '2000000' : '2000';
    for (const [name, value] of encoder.bitrate(2000)) {
      if (name === 'extra-controls') expect(value).toContain(',video_bitrate=2000000,');
      else expect(value).toBe(expected);
    }
  });

  it('forces a raw format, without which a pattern becomes 4:4:4', () => {
    for (const encoder of ENCODERS) {
      expect(describeEncoding(encoder, PICTURE)).toContain(
        `video/x-raw,format=${encoder.format} !`,
      );
    }
  });
});

describe('a pipeline', () => {
  const [encoder] = ENCODERS.filter(({ element }) => element === 'x264enc');
  if (encoder === undefined) throw new Error('no x264enc in the table');
  const FIRST = { width: 160, height: 90, fps: 5, bitrateKbps: 321 };
  const plan = aPlan({ source: 'desktop', display: ':7' });
  const parts = {
    ...{ plan, encoder, sound: false, publisher: 'native' as const },
    video: { ssrc: 1, timestampOffset: 2 },
    audio: { ssrc: 3, timestampOffset: 4 },
  };

  it.each([
    ['the cube', describeCubeInput(plan.picture)],
    ['a captured frame', describePipeline(parts, FIRST)],
  ])('takes %s by a queue of two that drops the oldest', (_, text) => {
    expect(text).toContain(' max-buffers=2 ');
    expect(text).toContain('leaky-type=downstream');
    expect(text).toContain('block=false');
  });

  it('holds no captured frame back', () => {
    expect(fitted('video/x-raw').text).toContain('videorate drop-only=true');
    expect(describeX11(plan, null).text).not.toMatch(/videorate|queue/);
  });

  it('captures the window that was found, and the desktop without one', () => {
    expect(describeX11(plan, 42n).text).toContain('xid=42');
    expect(describeX11(plan, null).text).not.toContain('xid=');
  });

  it('begins with the picture that it is told, whatever the source gives', () => {
    const text = describePipeline(parts, FIRST);
    expect(text).toContain('width=160,height=90,framerate=5/1');
    expect(text).toContain(' bitrate=321');
    expect(text).toContain('caps-change-mode=delayed');
    expect(text).toContain('valve name=gate');
  });

  it('names all its elements, each with a Debian package', () => {
    const elements = [...pipelineElements(parts), ...describeX11(plan, null).elements];
    expect(elements).toContain('rtph264pay');
    for (const element of elements) expect(packageOf(element)).toMatch(/^gstreamer1\.0-plugins-/);
  });
});
