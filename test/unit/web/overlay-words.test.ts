import { describe, expect, it } from 'vitest';
import type { HostStatus } from '../../../gateway/protocol/host.ts';
import type { WhepState } from '../../../web/core/whep-client.ts';
import { overlayOf } from '../../../web/watch/overlay-words.ts';
import { aHostStatus } from './a-host.ts';

const connecting: WhepState = { kind: 'connecting' };
const waiting: WhepState = { kind: 'waiting', sessionKept: false, retryAtMs: 5 };

const titleOf = (state: WhepState, status?: Partial<HostStatus> | null, kind = 'cube') => {
  const host =
    status === undefined
      ? null
      : { kind, status: status === null ? null : aHostStatus({ ...status }) };
  return overlayOf(state, { hasPlayed: false, host })?.title;
};

describe('overlayOf', () => {
  it.each([connecting, waiting])('says that a host starts: $kind', (state) => {
    expect(titleOf(state, { state: 'idle' })).toBe('Starting the host…');
    expect(titleOf(state, { state: 'starting' })).toBe('Starting the host…');
  });

  it('gives the reason of a host that cannot start', () => {
    const message = 'The display :7 is not there.';
    const host = { kind: 'desktop', status: aHostStatus({ state: 'failed', message }) };
    expect(overlayOf(waiting, { hasPlayed: false, host })).toMatchObject({
      title: 'The host cannot start',
      text: `${message} It tries again by itself.`,
    });
  });

  it('says that a host went away, and nothing of hosts where none was seen', () => {
    expect(titleOf(waiting, null)).toBe('The host is away');
    expect(titleOf(waiting, null, '')).toBe('Nobody is sharing yet');
    expect(titleOf(waiting)).toBe('Nobody is sharing yet');
    expect(titleOf(connecting)).toBe('Connecting…');
  });

  it('connects to a live host as to anybody, and covers no picture', () => {
    expect(titleOf(connecting, { state: 'live' })).toBe('Connecting…');
    expect(titleOf({ kind: 'live' }, { state: 'starting' })).toBeUndefined();
    expect(titleOf({ kind: 'stopped' }, { state: 'idle' })).toBe('Playback has ended');
  });
});
