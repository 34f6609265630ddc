import { describe, expect, test } from 'vitest';
import { findTroubles } from '../../../../web/admin/troubles.ts';

const aNode = (given: object) => ({
  node: 'a:1985',
  version: '6.0.157',
  healthy: true,
  detail: '',
  sessions: 0,
  addresses: { configured: false, announced: [], remarks: [], probes: [] },
  trialError: null,
  duty: 'serving' as const,
  load: {
    ...{ strain: 0, full: false, cpuShare: 0, maxCpuShare: null },
    ...{ bitrate: 0, maxBitrate: null, maxSessions: null },
  },
  drain: null,
  origin: 'settings' as const,
  hold: null,
  ...given,
});

const none = { nodes: null, iceSources: null, webhooks: null, machine: null, clockApartMs: 0 };
const sentences = (standing: object) =>
  findTroubles({ ...none, ...standing }).map(({ sentence }) => sentence);

test('nothing is wrong where nothing is told, and where all is well', () => {
  expect(sentences({})).toEqual([]);
  expect(sentences({ nodes: [aNode({})] })).toEqual([]);
});

test('a media server that is away is named; all of them are one trouble', () => {
  const away = aNode({ healthy: false, detail: 'It refuses connections.' });
  expect(sentences({ nodes: [away, aNode({ node: 'b:1985' })] })).toEqual([
    'The media server a:1985 is away. It refuses connections.',
  ]);
  expect(sentences({ nodes: [away] })).toEqual([
    'No media server is ready: nobody can share or watch by WebRTC.',
  ]);
});

test('a TURN server that does not answer is named, and a source that gives none', () => {
  const source = {
    source: 'turn',
    failures: 2,
    lastError: 'The file is gone.',
    probes: [{ url: 'turn:t.example', reachable: false, error: 'no answer' }],
  };
  expect(sentences({ iceSources: [source] })).toEqual([
    'Own TURN gives no STUN and TURN servers. The file is gone.',
    'turn:t.example does not answer. no answer',
  ]);
});

test('a webhook that fails or was switched off is named', () => {
  const webhook = {
    id: '1',
    url: 'https://x/a-secret-path',
    waiting: 3,
    disabledWhy: null,
    failingSince: 1,
  };
  expect(sentences({ webhooks: [webhook, { ...webhook, failingSince: null }] })).toEqual([
    'https://x takes no events; 3 wait.',
  ]);
  expect(sentences({ webhooks: [{ ...webhook, disabledWhy: 'It said 410.' }] })).toEqual([
    'https://x is told no more. It said 410.',
  ]);
});

test('[CONSOLE-12] a media server that lets no trial in is named, with what mends it', () => {
  const node = aNode({ trialError: 'The media server did not ask us about this session.' });
  expect(findTroubles({ ...none, nodes: [node] })).toMatchObject([
    {
      sentence: expect.stringMatching(/^a:1985 does not let .* Its http_hooks must name/) as string,
      page: 'nodes',
      item: 'a:1985',
    },
  ]);
});

describe('[CONSOLE-12] the machine of the gateway', () => {
  const disk = {
    ...{ use: 'data', folder: '/data', freeBytes: 4e8, totalBytes: 2e10, leastFreeBytes: 1e9 },
  } as const;
  const aMachine = (given: object) => ({ now: 1e12, disks: [], refusedHooks: null, ...given });
  const found = (given: object) => findTroubles({ ...none, machine: aMachine(given) });

  test('a disk that is nearly full is named, and leads to where room is made', () => {
    expect(found({ disks: [{ ...disk, freeBytes: 1e9 }] })).toEqual([]);
    const recordings = { ...disk, use: 'recordings', folder: '/media' };
    expect(found({ disks: [disk, recordings] })).toMatchObject([
      {
        sentence:
          'The disk of the gateway’s data is nearly full: 400 MB of 20.0 GB are free at /data.',
        page: 'settings',
      },
      { sentence: expect.stringMatching(/none begins\.$/) as string, page: 'recordings' },
    ]);
  });

  test('hooks with a wrong secret are told until they are long past', () => {
    const refusedHooks = { count: 3, lastAt: 1e12 - 65_000, address: '10.0.0.7' };
    expect(found({ refusedHooks })).toMatchObject([
      {
        sentence: expect.stringContaining(
          '10.0.0.7 calls with a wrong hook secret (3 times, last 1 min 5 s ago)',
        ) as string,
        page: 'nodes',
      },
    ]);
    expect(found({ refusedHooks: { ...refusedHooks, lastAt: 1e12 - 3_600_000 } })).toEqual([]);
  });
});

test('[CONSOLE-12] clocks that are apart are told, in words', () => {
  expect(sentences({ clockApartMs: 5_000 })).toEqual([]);
  expect(sentences({ clockApartMs: 190_000 })).toMatchObject([
    expect.stringContaining('are 3 min 10 s apart'),
  ]);
});

test('[CONSOLE-12] no STUN and TURN server at all is a note, after all that is bad', () => {
  const webhook = { id: '1', url: 'https://x/', waiting: 3, disabledWhy: null, failingSince: 1 };
  const standing = { ...none, iceSources: [], webhooks: [webhook as never] };
  expect(findTroubles(standing).map(({ weight, page }) => [weight, page])).toEqual([
    ['bad', 'webhooks'],
    ['note', 'ice'],
  ]);
});
