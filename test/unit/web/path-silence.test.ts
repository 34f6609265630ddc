import { describe, expect, it } from 'vitest';
import { PathSilence } from '../../../web/core/path-silence.ts';

const report = (bytesReceived: number, requestsSent: number, responsesReceived: number) =>
  new Map([
    [
      'pair',
      { id: 'pair', type: 'candidate-pair', bytesReceived, requestsSent, responsesReceived },
    ],
  ]);

describe('a path of ICE', () => {
  it('is silent when nothing comes and two questions are not answered', () => {
    const path = new PathSilence();
    expect(path.note(report(100, 5, 5), 0)).toBe(false);
    expect(path.note(report(100, 6, 5), 2_000)).toBe(false);
    expect(path.note(report(100, 7, 5), 2_500)).toBe(true);
    expect(path.note(report(200, 8, 5), 3_000)).toBe(false);
    expect(path.note(report(200, 9, 5), 3_500)).toBe(false);
  });

  it('is not silent while a still picture is answered for', () => {
    const path = new PathSilence();
    for (let second = 0; second < 60; second += 1) {
      expect(path.note(report(100, second, second), second * 1_000)).toBe(false);
    }
  });

  it('is never silent where a browser does not tell', () => {
    const path = new PathSilence();
    const nothing = new Map([['pair', { id: 'pair', type: 'candidate-pair' }]]);
    for (const atMs of [0, 10_000, 60_000]) expect(path.note(nothing, atMs)).toBe(false);
  });
});
