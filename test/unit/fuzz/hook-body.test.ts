import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHook } from '../../../gateway/media/srs/hooks.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';

const EVENTS = ['publish', 'unpublish', 'play', 'stop', 'connect', 'close'] as const;
const words = fc.string({ unit: 'binary', maxLength: 40 });
const tickets = fc.stringMatching(/^[0-9a-f]{32}$/);

/** A body as SRS writes it, with members that versions add. */
const bodies = fc.record({
  event: fc.constantFrom(...EVENTS),
  server_id: words,
  service_id: words,
  client_id: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  app: words,
  stream: words,
  ticket: fc.option(tickets, { nil: null }),
  before: fc.constantFrom('', '?', 'app=demo&stream=main&', 'ticket=&', 'ticket&'),
  more: fc.dictionary(fc.string({ minLength: 5 }), fc.jsonValue(), { maxKeys: 5 }),
});

describe('a hook body', () => {
  test('[HOSTILE-39] of SRS is read, and its ticket is found', () => {
    fc.assert(
      fc.property(bodies, ({ event, ticket, before, more, ...rest }) => {
        const param = `${before}${ticket === null ? '' : `ticket=${ticket}&x=y`}`;
        const hook = readHook(event, { ...more, ...rest, action: `on_${event}`, param });
        expect(hook).toEqual({
          event,
          ticket,
          service: rest.service_id,
          clientId: rest.client_id,
          room: rest.app,
          source: rest.stream,
        });
      }),
      runs(300),
    );
  });

  test('[HOSTILE-39] of another event is refused', () => {
    const body = { server_id: 's', service_id: 's', client_id: 'c', app: 'a', stream: 'b' };
    const other = fc.constantFrom(...EVENTS, 'dvr', '__proto__', 'toString', '');
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), other, (said, asked) => {
        fc.pre(said !== asked);
        expect(
          unlessRefused(() => readHook(asked, { ...body, action: `on_${said}` })),
        ).toBeUndefined();
      }),
      runs(100),
    );
  });

  test('[HOSTILE-40] of any JSON is read or refused, and pollutes nothing', () => {
    const names = fc.constantFrom(
      ...['action', 'server_id', 'client_id', 'app', 'stream', 'param', '__proto__'],
      ...['constructor', 'prototype', 'toString'],
    );
    const polluted = fc
      .array(fc.tuple(names, fc.oneof(fc.json(), fc.constant('{"polluted":true}'))), {
        maxLength: 10,
      })
      .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`);
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fc.oneof(fc.json(), polluted), (event, text) => {
        unlessRefused(() => readHook(event, JSON.parse(text)));
        expect('polluted' in {}).toBe(false);
      }),
      runs(500),
    );
  });
});
