import { expect, test } from 'vitest';
import { clockAhead, judgeClock } from '../../../../web/core/diagnosis/clock.ts';
import { CHECKS, failed, leftOut, passed } from '../../../../web/core/diagnosis/finding.ts';
import type { Check, Finding } from '../../../../web/core/diagnosis/finding.ts';
import { judgeAbilities } from '../../../../web/core/diagnosis/media-abilities.ts';
import {
  checkOf,
  pathFinding,
  serverFinding,
} from '../../../../web/core/diagnosis/path-findings.ts';
import { keepTransport } from '../../../../web/core/diagnosis/path-trial.ts';
import { writeReport } from '../../../../web/core/diagnosis/report.ts';
import { judge, type ServerSide } from '../../../../web/core/diagnosis/verdict.ts';

const SERVER: ServerSide = {
  mediaWebSocket: true,
  remarks: [],
  isUnreachableFromThere: false,
  addresses: ['203.0.113.7:8000'],
};
/** All passed but these. */
const findings = (
  not: readonly Check[],
  none: readonly Check[] = ['stun', 'turn-udp', 'turn-tcp'],
) =>
  CHECKS.map((check): Finding => {
    if (not.includes(check)) return failed(check, `${check} fails.`);
    return none.includes(check) ? leftOut(check, 'None.') : passed(check, 'Works.');
  });
const verdictOf = (
  not: readonly Check[],
  server: Partial<ServerSide> = {},
  none?: readonly Check[],
) => judge(findings(not, none), { ...SERVER, ...server });

test('[DIAG-07] all that works is said in one sentence', () => {
  expect(verdictOf([])).toMatchObject({ tone: 'good' });
});

test.each<
  [string, readonly Check[], Partial<ServerSide>, readonly Check[], string, RegExp, RegExp]
>([
  ['no server', ['gateway', 'udp'], {}, [], 'bad', /^gateway fails/, /proxy or firewall/],
  ['a bad link', ['link'], {}, [], 'bad', /^link fails/, /new one/],
  ['a bad link and clock', ['link', 'clock'], {}, [], 'bad', /^link fails/, /clock is wrong/],
  ['no codec', ['codecs'], {}, [], 'bad', /^codecs fails/, /current Chrome/],
  [
    'UDP blocked',
    ['udp'],
    {},
    ['stun', 'turn-udp', 'turn-tcp'],
    'limited',
    /blocks UDP.*over the WebSocket/,
    /VPN/,
  ],
  [
    'UDP blocked, TURN by TCP',
    ['udp', 'stun', 'turn-udp'],
    {},
    [],
    'limited',
    /blocks UDP.*TURN relay/,
    /VPN/,
  ],
  [
    'UDP and WebSockets blocked',
    ['udp', 'websocket'],
    {},
    ['stun', 'turn-udp', 'turn-tcp'],
    'bad',
    /blocks UDP/,
    /VPN/,
  ],
  [
    'no WebSocket media',
    ['udp'],
    { mediaWebSocket: false },
    ['stun', 'turn-udp', 'turn-tcp'],
    'bad',
    /blocks UDP/,
    /VPN/,
  ],
  [
    'the node’s port blocked',
    ['udp'],
    {},
    ['turn-udp', 'turn-tcp'],
    'limited',
    /works in this network, but not/,
    /open it for UDP/,
  ],
  [
    'an address with a fault',
    ['udp'],
    { remarks: ['Set X.'] },
    [],
    'limited',
    /203\.0\.113\.7:8000, which cannot be reached/,
    /administrator: Set X\./,
  ],
  [
    'an address that leads nowhere',
    ['udp'],
    { isUnreachableFromThere: true },
    [],
    'limited',
    /nothing answers/,
    /MEDIA_CANDIDATE/,
  ],
  ['no WebSockets', ['websocket'], {}, [], 'limited', /WebSockets are blocked/, /control/],
  ['a wrong clock', ['clock'], {}, [], 'limited', /clock is wrong/, /Set the clock/],
])('[DIAG-07] %s', (_what, not, server, none, tone, sentence, advice) => {
  const verdict = verdictOf(not, server, none);
  expect(verdict.tone).toBe(tone);
  expect(verdict.sentence).toMatch(sentence);
  expect(verdict.advice).toMatch(advice);
});

test('[DIAG-07] a media server that is away, and a way that could not be tried, are no blocked UDP', () => {
  const away = failed('link', 'No media server.', { details: ['node-unavailable'] });
  expect(judge([away], SERVER).advice).toContain('Try again in a moment');
  expect(judge([leftOut('udp', 'Too many.')], SERVER).sentence).toContain('could not be tried');
});

test('[DIAG-08] the clock is held against the gateway’s at the middle of the question', () => {
  const reading = { askedAtMs: 1_000, heardAtMs: 1_200, gatewayMs: 600 };
  expect(clockAhead(reading)).toBe(500);
  expect(judgeClock(reading).outcome).toBe('passed');
  expect(judgeClock({ ...reading, gatewayMs: 301_100 })).toMatchObject({
    outcome: 'failed',
    sentence: 'This machine’s clock is 5 min behind.',
  });
});

test('[DIAG-09] only what shows H.264 and plays Opus passes', () => {
  const abilities = {
    ...{ hasWebRtc: true, received: ['video/H264', 'audio/opus'], isSecureContext: true },
    ...{ decodesH264: true, decodesOpus: true },
  };
  expect(judgeAbilities(abilities).outcome).toBe('passed');
  expect(judgeAbilities({ ...abilities, received: ['video/VP8', 'audio/opus'] }).outcome).toBe(
    'failed',
  );
  expect(judgeAbilities({ ...abilities, hasWebRtc: false }).sentence).toContain('no WebRTC');
});

test('[DIAG-10] each server belongs to the check of its transport, and one that works is enough', () => {
  expect(checkOf('stun:a.example')).toBe('stun');
  expect(checkOf('turn:a.example?transport=udp')).toBe('turn-udp');
  expect(checkOf('turn:a.example')).toBe('turn-udp');
  expect(checkOf('turn:a.example:3478?transport=tcp')).toBe('turn-tcp');
  expect(checkOf('turns:a.example:5349')).toBe('turn-tcp');
  const outcome = (kind: 'answered' | 'login-refused' | 'silent', code: number | null) => ({
    ...{ url: 'turn:a.example', kind, code, tookMs: 5 },
  });
  expect(serverFinding('turn-udp', []).outcome).toBe('left-out');
  const both = [outcome('silent', 701), outcome('answered', null)];
  expect(serverFinding('turn-udp', both)).toMatchObject({ outcome: 'passed', tookMs: 5 });
  const refused = [outcome('silent', 701), outcome('login-refused', 401)];
  expect(serverFinding('turn-udp', refused).sentence).toContain('refuses the password');
});

test('[DIAG-11] a path is tried by the candidates of its transport alone', () => {
  const answer = [
    'v=0',
    'a=candidate:0 1 udp 2130706431 203.0.113.7 8000 typ host',
    'a=candidate:1 1 udp 2130706175 2001:db8::7 8000 typ host',
    'a=candidate:2 1 tcp 2130705919 203.0.113.7 8443 typ host tcptype passive',
    '',
  ].join('\r\n');
  expect(keepTransport(answer, 'udp').addresses).toEqual([
    '203.0.113.7:8000',
    '[2001:db8::7]:8000',
  ]);
  const { sdp, addresses } = keepTransport(answer, 'tcp');
  expect(addresses).toEqual(['203.0.113.7:8443']);
  expect(sdp.match(/^a=candidate:.*$/gm)).toHaveLength(1);
  expect(sdp.split('\r\n')).toHaveLength(5);
});

test('[DIAG-11] what was refused is no blocked path', () => {
  const problem = { code: 'rate-limited', status: 429, detail: '', retryAfterMs: null } as const;
  expect(pathFinding('udp', { kind: 'refused', problem }, 1).outcome).toBe('left-out');
  expect(pathFinding('udp', { kind: 'silent', addresses: ['a:1'] }, 1).outcome).toBe('failed');
  expect(pathFinding('udp', { kind: 'no-dtls', addresses: [] }, 1).sentence).toContain('DTLS');
});

test('[DIAG-03] the report has every finding and the verdict', () => {
  const head = { origin: 'https://cast.example.org', room: 'demo', source: 'main' };
  const found = findings(['udp']);
  const report = writeReport(
    { ...head, userAgent: 'A browser', at: 0 },
    found,
    judge(found, SERVER),
  );
  for (const check of CHECKS) expect(report).toContain(` ${check}: `);
  expect(report).toContain('FAIL udp: udp fails.');
  expect(report).toContain('1970-01-01T00:00:00.000Z');
  expect(report).toContain('This network blocks UDP');
});
