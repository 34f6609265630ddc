import { describe, expect, it } from 'vitest';
import { SharedFailures } from '../../../host-publisher/supervision/shared-failures.ts';

const BUSY = 'The room is busy.';

const aDesk = () => {
  const said: string[] = [];
  return { said, failures: new SharedFailures((sentence) => void said.push(sentence)) };
};

describe('failures of two modes', () => {
  it('are new once where both fail alike, each time', () => {
    const { failures } = aDesk();
    const modes = ['webrtc', 'websocket', 'websocket', 'webrtc', 'webrtc'] as const;
    const news = modes.map((mode) => failures.isNew(mode, BUSY));
    expect(news).toEqual([true, false, true, false, true]);
    expect(failures.isEcho('webrtc')).toBe(false);
    expect(failures.isEcho('websocket')).toBe(false);
  });

  it('are both new where they differ', () => {
    const { failures } = aDesk();
    expect(failures.isNew('webrtc', BUSY)).toBe(true);
    expect(failures.isNew('websocket', 'It does not answer.')).toBe(true);
  });

  it('a media socket that cannot be had waits for what comes of WebRTC', () => {
    const { failures, said } = aDesk();
    failures.bar(BUSY, true);
    expect(said).toEqual([]);
    expect(failures.isNew('webrtc', BUSY)).toBe(true);
    failures.tell();
    expect(said).toEqual([]);
    failures.bar(BUSY, true);
    failures.tell();
    expect(said).toEqual([BUSY]);
    failures.bar(BUSY, true);
    failures.isNew('webrtc', 'Something else.');
    expect(said).toEqual([BUSY, BUSY]);
  });

  it('a media socket that cannot be had is told at once while WebRTC is there', () => {
    const { failures, said } = aDesk();
    failures.bar(BUSY, false);
    expect(said).toEqual([BUSY]);
  });

  it('a media socket is not told of where WebRTC has just failed alike', () => {
    const { failures, said } = aDesk();
    failures.isNew('webrtc', BUSY);
    failures.bar(BUSY, false);
    expect(said).toEqual([]);
  });
});
