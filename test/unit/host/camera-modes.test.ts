import { describe, expect, it } from 'vitest';
import { chooseMode, readModes } from '../../../host-publisher/media/sources/camera-modes.ts';

/** As v4l2src tells of a common USB camera: 720p at 30 by JPEG alone. */
const WEBCAM =
  'video/x-raw, format=(string)YUY2, width=(int)1280, height=(int)720, pixel-aspect-ratio=(fraction)1/1, framerate=(fraction)10/1; ' +
  'video/x-raw, format=(string)YUY2, width=(int)640, height=(int)480, pixel-aspect-ratio=(fraction)1/1, framerate=(fraction){ 30/1, 15/1 }; ' +
  'image/jpeg, parsed=(boolean)true, width=(int)1920, height=(int)1080, pixel-aspect-ratio=(fraction)1/1, framerate=(fraction){ 30/1 }; ' +
  'image/jpeg, parsed=(boolean)true, width=(int)1280, height=(int)720, pixel-aspect-ratio=(fraction)1/1, framerate=(fraction){ 30000/1001, 15/1 }; ' +
  'video/x-h264, width=(int)1280, height=(int)720, framerate=(fraction)30/1';
/** As v4l2loopback tells. */
const LOOPBACK =
  'video/x-raw, format=(string){ I420, YUY2 }, width=(int)[ 2, 8192 ], height=(int)[ 1, 8192 ], framerate=(fraction)[ 0/1, 1000/1 ]';
const wanted = (width: number, height: number, fps: number) => ({
  width,
  height,
  fps,
  bitrateKbps: 1,
});

describe('the modes of a camera', () => {
  it('are read from what GStreamer says, raw and JPEG alone', () => {
    const modes = readModes(WEBCAM, wanted(1280, 720, 30));
    expect(modes).toHaveLength(6);
    expect(modes).toContainEqual({
      kind: 'jpeg',
      format: null,
      width: 1280,
      height: 720,
      rate: '30000/1001',
    });
  });

  it.each([
    [
      'the size at the wanted rate, by JPEG',
      wanted(1280, 720, 30),
      'jpeg',
      1280,
      720,
      '30000/1001',
    ],
    ['raw where it has the rate', wanted(640, 480, 30), 'raw', 640, 480, '30/1'],
    ['the next larger size', wanted(1600, 900, 30), 'jpeg', 1920, 1080, '30/1'],
    ['the fastest where none is fast enough', wanted(1280, 720, 60), 'jpeg', 1920, 1080, '30/1'],
    ['the size, raw, at a low rate', wanted(1280, 720, 10), 'raw', 1280, 720, '10/1'],
  ] as const)('%s', (_, picture, kind, width, height, rate) => {
    const mode = chooseMode(readModes(WEBCAM, picture), picture);
    expect(mode).toMatchObject({ kind, width, height, rate });
  });

  it('may be ranges', () => {
    const picture = wanted(1280, 720, 25);
    expect(chooseMode(readModes(LOOPBACK, picture), picture)).toEqual({
      kind: 'raw',
      format: 'I420',
      width: 1280,
      height: 720,
      rate: '25/1',
    });
  });

  it('may be none', () => {
    expect(chooseMode(readModes('EMPTY', wanted(640, 480, 30)), wanted(640, 480, 30))).toBeNull();
  });
});
