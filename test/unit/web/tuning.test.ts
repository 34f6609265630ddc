import { describe, expect, it } from 'vitest';
import { Tuning, type Fixed } from '../../../gateway/protocol/host.ts';
import { claimsHost } from '../../../web/core/token-rights.ts';
import { explainTuning, showFixed, showKind } from '../../../web/host/host-words.ts';
import { AUTOMATIC, fixedKey, release, tuningChoices } from '../../../web/host/tuning-choices.ts';
import { localProblem } from '../../../web/core/problem.ts';
import { aHostView } from './a-host.ts';

const nothing: Fixed = { bitrateKbps: null, fps: null, size: null, content: null };
const { capabilities } = aHostView();
const fields = ['bitrateKbps', 'fps', 'size', 'content'] as const;
const keysOf = (field: (typeof fields)[number], fixed = nothing) =>
  tuningChoices(field, capabilities, fixed).map(({ key }) => key);

describe('tuningChoices', () => {
  it('offers what the host can do, the most first', () => {
    expect(keysOf('bitrateKbps')).toEqual(['2500', '1500', '1000', '600', '300', '150']);
    expect(keysOf('fps')).toEqual(['30', '24', '20', '15', '10', '5']);
    expect(keysOf('size')).toEqual(['1280x720', '960x540', '640x360', '426x240', '320x180']);
    expect(keysOf('content')).toEqual(['text', 'motion']);
  });

  it('has what is fixed, however unusual', () => {
    const fixed: Fixed = {
      bitrateKbps: 777,
      fps: 50,
      size: { width: 800, height: 600 },
      content: 'text',
    };
    for (const field of fields) expect(keysOf(field, fixed)).toContain(fixedKey(field, fixed));
    for (const field of fields) expect(fixedKey(field, nothing)).toBe(AUTOMATIC);
  });

  it('asks for nothing that the gateway would refuse', () => {
    for (const picture of [
      { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 },
      { width: 1366, height: 768, fps: 60, bitrateKbps: 8000 },
      { width: 64, height: 64, fps: 1, bitrateKbps: 100 },
      { width: 7680, height: 4320, fps: 120, bitrateKbps: 100_000 },
    ]) {
      for (const field of fields) {
        const choices = tuningChoices(field, { ...capabilities, picture }, nothing);
        expect(choices.length).toBeGreaterThan(0);
        for (const { tuning } of choices) expect(Tuning.safeParse(tuning).success).toBe(true);
        expect(Tuning.safeParse(release(field)).success).toBe(true);
      }
    }
  });
});

describe('the words of hosts', () => {
  it('name what is fixed', () => {
    expect(showFixed(nothing)).toBeNull();
    expect(showFixed({ ...nothing, fps: 15, content: 'text' })).toBe('Frames per second, Content');
  });

  it('know kinds, and leave others as they are', () => {
    expect(showKind('cube')).toBe('Rotating cube');
    expect(showKind('hologram')).toBe('hologram');
  });

  it("give the host's own sentence where it has one", () => {
    const refused = { code: 'bad-request', status: 409, retryAfterMs: null } as const;
    expect(explainTuning({ ...refused, detail: 'The encoder has no such size.' })).toBe(
      'The encoder has no such size.',
    );
    expect(explainTuning({ ...refused, code: 'not-found', detail: 'x' })).toBe('The host is away.');
    expect(explainTuning(localProblem('network', 'TypeError: Failed to fetch'))).toBe(
      'The server cannot be reached.',
    );
  });
});

describe('claimsHost', () => {
  const token = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

  it.each([
    [{ can: ['watch', 'host'] }, true],
    [{ can: ['admin'], sub: 'Änne ☂' }, true],
    [{ can: ['host'], sources: ['main'] }, true],
    [{ can: ['host'], sources: ['other'] }, false],
    [{ can: ['watch', 'publish'] }, false],
    [{ can: 'host' }, false],
    [null, false],
  ])('reads %j as %s', (claims, expected) => {
    expect(claimsHost(token(claims), 'main')).toBe(expected);
  });

  it.each(['', 'x', 'a.b.c', 'a.%%%.c'])('takes %j for no right', (text) => {
    expect(claimsHost(text, 'main')).toBe(false);
  });
});
