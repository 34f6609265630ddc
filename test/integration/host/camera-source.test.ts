import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { offeredCaps } from '../../../host-publisher/media/gstreamer/offered-caps.ts';
import { describeCamera, openCamera } from '../../../host-publisher/media/sources/camera.ts';
import { chooseMode, readModes } from '../../../host-publisher/media/sources/camera-modes.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { FedSource, gapsOf } from '../../support/host/fed-source.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const picture = { width: 320, height: 180, fps: 30, bitrateKbps: 500 };

describe('a camera as a source', () => {
  it.skipIf(existsSync('/dev/video0'))('that is not there is one sentence', async () => {
    const missing = { code: 'source-missing' };
    await expect(openCamera(gst, aPlan({ source: 'camera' }))).rejects.toMatchObject(missing);
    const named = openCamera(gst, aPlan({ source: 'camera', device: '/dev/video7' }));
    await expect(named).rejects.toThrow(/^\/dev\/video7 gives no pictures: /);
  });

  it('is asked for its modes', async () => {
    const caps = (await offeredCaps(gst, 'videotestsrc is-live=true')) ?? '';
    const mode = chooseMode(readModes(caps, picture), picture);
    expect(mode).toMatchObject({ kind: 'raw', width: 320, height: 180, rate: '30/1' });
  });

  const jpeg = 'videotestsrc is-live=true ! video/x-raw,width=640,height=480 ! jpegenc';
  it.each([
    ['raw at the wanted rate', 'videotestsrc is-live=true', 'raw', 640, 480, '30/1'],
    ['JPEG, decoded', jpeg, 'jpeg', 640, 480, '30/1'],
    ['slower than wanted', 'videotestsrc is-live=true', 'raw', 320, 180, '15/1'],
  ] as const)('gives frames of the picture from %s', async (_, head, kind, width, height, rate) => {
    const format = kind === 'raw' ? 'YUY2' : null;
    const described = describeCamera(head, { kind, format, width, height, rate }, picture);
    const fed = await FedSource.play(gst, { ...described, sound: null, feed: null });
    await waitFor(() => fed.picture.length > 20, { timeoutMs: 15_000, what: 'twenty frames' });
    expect(fed.picture[0]?.bytes.length).toBe(320 * 180 * 1.5);
    const gaps = gapsOf(fed.picture).toSorted((a, b) => a - b);
    expect(gaps[10]).toBeCloseTo(33.33, 0);
  });
});
