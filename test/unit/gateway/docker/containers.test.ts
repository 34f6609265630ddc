import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driftOf, leftOverName } from '../../../../gateway/docker/drift.ts';
import { LABELS, type Container } from '../../../../gateway/docker/engine.ts';
import { LogFrames } from '../../../../gateway/docker/log-frames.ts';
import { nodePlace, type ReachTerms } from '../../../../gateway/docker/node-place.ts';
import { decideScale, isCalm, type ScaleSituation } from '../../../../gateway/docker/scaling.ts';
import { specOf, Template } from '../../../../gateway/docker/template.ts';
import { ListAnswer } from '../../../../gateway/docker/engine-answers.ts';

const LABEL = 'pixelcast.node';

const aContainer = (given: Partial<Container> = {}): Container => ({
  ...{ id: 'a'.repeat(64), name: 'srs-1', image: 'srs:1', state: 'running', status: 'Up' },
  ...{ createdAt: 0, isOnHostNetwork: false, addresses: { bridge: '172.17.0.2' }, ports: [] },
  labels: { [LABEL]: '1985' },
  ...given,
});

describe('[DOCKER-11] where the media server in a container is', () => {
  const terms: ReachTerms = {
    ...{ label: LABEL, by: 'network', network: undefined, machine: '127.0.0.1' },
  };
  const placeOf = (given: Partial<Container>, more: Partial<ReachTerms> = {}) =>
    nodePlace(aContainer(given), { ...terms, ...more });

  test('follows from its own address and the port in its label', () => {
    expect(placeOf({})).toEqual({ apiUrl: 'http://172.17.0.2:1985', announced: undefined });
    expect(placeOf({ labels: { [LABEL]: '' } })).toMatchObject({
      apiUrl: 'http://172.17.0.2:1985',
    });
    expect(placeOf({ isOnHostNetwork: true, addresses: {} })).toMatchObject({
      apiUrl: 'http://127.0.0.1:1985',
    });
    expect(placeOf({ addresses: { a: '2001:db8::2' } })).toMatchObject({
      apiUrl: 'http://[2001:db8::2]:1985',
    });
    const two = { addresses: { a: '10.0.0.2', b: '10.1.0.2' } };
    expect(placeOf(two)).toMatchObject({ problem: expect.stringContaining('several') as string });
    expect(placeOf(two, { network: 'b' })).toMatchObject({ apiUrl: 'http://10.1.0.2:1985' });
    const ports = [{ inside: 1985, outside: 31_985, protocol: 'tcp' }];
    const far = { by: 'published', machine: 'docker.example' } as const;
    expect(placeOf({ ports }, far)).toMatchObject({ apiUrl: 'http://docker.example:31985' });
    expect(placeOf({}, far)).toHaveProperty('problem');
  });

  test.each([
    ...[
      'http://evil.example',
      '0',
      '65536',
      '-1',
      '1985 ',
      '1985@evil',
      '1e3',
      '１９８５',
      '\u0000',
    ],
  ])('is never where a label says: %j', (value) => {
    expect(placeOf({ labels: { [LABEL]: value } })).toHaveProperty('problem');
  });

  test('whatever the labels are, passwords go to the container alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (port, media) => {
        const place = placeOf({ labels: { [LABEL]: port, [LABELS.media]: media } });
        if ('apiUrl' in place) expect(new URL(place.apiUrl).hostname).toBe('172.17.0.2');
      }),
    );
  });

  test('names with control characters are one line without them', () => {
    const answer = ListAnswer.parse([
      {
        ...{ Id: 'b'.repeat(64), Names: ['/a\u001b[31m\nb\u202e'], Image: 'x'.repeat(9_999) },
        ...{ State: 'flying', Created: 'never', Labels: null, Ports: null },
      },
    ]);
    expect(answer[0]).toMatchObject({ Names: ['a·[31m·b·'], State: 'unknown', Created: 0 });
    expect(answer[0]?.Image).toHaveLength(300);
  });
});

describe('[DOCKER-12] a template', () => {
  const template = (more: object = {}) =>
    Template.parse({ name: 'srs', image: 'srs:1', mediaPort: 8100, ...more });
  const specAt = (slot: number, more: object = {}, key = 'k') =>
    specOf(template(more), { slot, image: 'srs:1', label: LABEL, key });

  test('fills in what differs, and gives each a media port of its own', () => {
    const environment = { MEDIA_PORT: '{mediaPort}', WHO: '{slot} {mediaAddress}' };
    expect(specAt(3, { environment })).toMatchObject({
      name: 'srs-3',
      environment: ['MEDIA_PORT=8102', 'WHO=3 127.0.0.1'],
      published: [{ port: 8102, protocol: 'udp', address: '127.0.0.1' }],
      labels: { [LABEL]: '1985', [LABELS.media]: '127.0.0.1:8102', [LABELS.slot]: '3' },
    });
  });

  test('marks containers so that a change shows, and its secrets do not', () => {
    const mark = (more: object, key?: string) => specAt(1, more, key).labels[LABELS.spec];
    const secret = { environment: { S: 'hunter2' } };
    expect(mark(secret)).toBe(mark({ environment: { S: 'hunter2' } }));
    expect(mark(secret)).not.toBe(mark({ environment: { S: 'hunter3' } }));
    expect(mark(secret)).not.toBe(mark(secret, 'another key'));
    expect(JSON.stringify(specAt(1, secret).labels)).not.toContain('hunter2');
  });

  test.each([
    ['a folder of the machine', { volumes: ['/etc:/data'] }],
    ['rights', { privileged: true }],
    ['min above max', { min: 5, max: 4 }],
    ['a name that is a path', { name: '../x' }],
    ['an image that is a flag', { image: '--privileged' }],
    ['ports beyond the last', { mediaPort: 65_535, max: 2 }],
  ])('with %s is refused', (_, more) => {
    expect(() => template(more)).toThrow();
  });
});

describe('[DOCKER-13] what is not as the template says', () => {
  const at = (slot: number, more: Partial<Container> = {}): Container =>
    aContainer({
      id: String(slot).repeat(64).slice(0, 64),
      name: `srs-${slot}`,
      labels: { [LABELS.template]: 'srs', [LABELS.slot]: String(slot), [LABELS.spec]: 'now' },
      ...more,
    });
  const drift = (containers: Container[], wanted: number, held: string[] = []) =>
    driftOf(containers, {
      ...{ template: 'srs', wanted, specOf: () => 'now' },
      isHeld: ({ name }) => held.includes(name),
    }).map(({ kind, slot }) => `${kind} ${slot}`);

  test('is found, and nothing where nothing is', () => {
    expect(drift([at(1), at(2)], 2)).toEqual([]);
    expect(drift([at(2)], 3)).toEqual(['missing 1', 'missing 3']);
    expect(drift([at(1), at(2, { state: 'exited' })], 2)).toEqual(['stopped 2']);
    expect(drift([at(1), at(2, { state: 'exited' })], 2, ['srs-2'])).toEqual([]);
    expect(drift([at(1), at(3)], 1)).toEqual(['surplus 3']);
    const old = { ...at(1).labels, [LABELS.spec]: 'before' };
    expect(drift([at(1, { labels: old })], 1)).toEqual(['outdated 1']);
    expect(drift([at(1), at(1, { name: leftOverName('srs-1') })], 1)).toEqual(['left-over 1']);
  });

  test('is none of containers of others, whatever their labels', () => {
    for (const slot of ['0', '-1', '1e3', 'x', '', '99999']) {
      const odd = { [LABELS.template]: 'srs', [LABELS.slot]: slot };
      expect(drift([at(1), aContainer({ labels: odd, state: 'exited' })], 1)).toEqual([]);
    }
    expect(drift([at(1), aContainer({ state: 'exited' })], 1)).toEqual([]);
  });
});

describe('[DOCKER-14] how many there are to be', () => {
  const now = (more: Partial<ScaleSituation> = {}): ScaleSituation => ({
    ...{ strains: [0.5, 0.5], wanted: 2, min: 1, max: 4, scaleUpAt: 0.7, scaleDownAt: 0.3 },
    ...{ sinceChangeMs: 1e9, pauseMs: 60_000, calmForMs: null, calmMs: 300_000 },
    ...more,
  });

  test('one more under strain, not while the last one is new or not there', () => {
    const strains = [0.8, 0.7];
    expect(decideScale(now({ strains }))).toBe(3);
    expect(decideScale(now({ strains, sinceChangeMs: 59_999 }))).toBe(2);
    expect(decideScale(now({ strains: [0.9] }))).toBe(2);
    expect(decideScale(now({ strains, max: 2 }))).toBe(2);
  });

  test('one less after a long calm, never below the least', () => {
    const strains = [0.1, 0.1];
    expect(decideScale(now({ strains, calmForMs: 300_000 }))).toBe(1);
    expect(decideScale(now({ strains, calmForMs: 299_999 }))).toBe(2);
    expect(decideScale(now({ strains, calmForMs: 1e9, min: 2 }))).toBe(2);
    // Those that stay would be strained.
    expect(isCalm(now({ strains: [0.2, 0.2] }))).toBe(false);
  });

  test('is within the bounds whatever the load, and changes by one', () => {
    const share = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(share, { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (strains, wanted) => {
          const next = decideScale(now({ strains, wanted, calmForMs: 1e9 }));
          expect(next).toBeGreaterThanOrEqual(1);
          expect(next).toBeLessThanOrEqual(4);
          expect(Math.abs(next - wanted)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('[DOCKER-15] a log', () => {
  const frame = (kind: number, text: string): Buffer => {
    const payload = Buffer.from(text);
    const head = Buffer.alloc(8);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(payload.length, 4);
    return Buffer.concat([head, payload]);
  };

  test('is the same in whatever pieces it comes', () => {
    const whole = Buffer.concat([frame(1, 'grüß\nzw'), frame(2, 'err\n'), frame(1, 'ei\n')]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 })), (sizes) => {
        const frames = new LogFrames({ hasTerminal: false });
        const seen: string[] = [];
        let from = 0;
        for (const size of [...sizes, whole.length]) {
          for (const { stream, text } of frames.read(whole.subarray(from, from + size))) {
            seen.push(`${stream} ${text}`);
          }
          from += size;
        }
        expect(seen.toSorted()).toEqual(['err err', 'out grüß', 'out zwei']);
      }),
    );
  });

  test('steers no terminal, and no line is endless', () => {
    const frames = new LogFrames({ hasTerminal: true });
    const [line] = frames.read(
      Buffer.from('2026-11-22T10:00:00.5Z \u001b[31mred\u001b[0m\u0007\u202e\tx\r\n'),
    );
    expect(line).toEqual({
      at: Date.parse('2026-11-22T10:00:00.5Z'),
      stream: 'out',
      text: 'red··\tx',
    });
    const [long] = frames.read(Buffer.from(`${'y'.repeat(50_000)}\n`));
    expect(long?.text).toHaveLength(4_001);
  });
});
