import { describe, expect } from 'vitest';
import { contractTest as test } from '../support/contract/contract-test.ts';
import type { HookReply } from '../support/contract/hook-receiver.ts';
import { expectFailure } from '../support/contract/srs-target.ts';
import { waitFor } from '../support/wait-for.ts';

const ALLOWED: readonly (readonly [string, HookReply])[] = [
  ['200 and 0', { body: '0' }],
  ['201 and 0', { status: 201, body: '0' }],
  ['an object with code 0', { body: '{"code":0,"data":{}}' }],
];

/** The code is SRS's own, which 7.0.121 and later tell a refused viewer. */
const REFUSED: readonly (readonly [string, HookReply, RegExp])[] = [
  ['code 1', { body: '{"code":1}' }, /^3064: /],
  ['no code', { body: '{}' }, /^3064: /],
  ['code as text', { body: '{"code":"0"}' }, /^3064: /],
  ['a bare 1', { body: '1' }, /^3008: /],
  ['0 and a newline', { body: '0\n' }, /^3008: /],
  ['an empty body', { body: '' }, /^3008: /],
  ['OK', { body: 'OK' }, /^3008: /],
  ['a list', { body: '[0]' }, /^3008: /],
  ['302', { status: 302, body: '0' }, /^4005: /],
  ['401', { status: 401, body: '0' }, /^4005: /],
  ['500', { status: 500, body: '0' }, /^4005: /],
  ['a closed connection', 'destroy', /^10\d\d: /],
];

/** srs.md §7: bodies, judgement of answers, order. */
export function describeHooks(): void {
  describe('bodies', () => {
    test('[SRS-7.1] on_publish and on_unpublish carry SRS’s members', async ({ srs }) => {
      const { hooks } = srs.target;
      const stream = srs.newStream();
      const location = await srs.opened(
        srs.whip(stream, {
          query: '&token=a%20b',
          headers: { 'X-Forwarded-For': '198.51.100.7, 10.0.0.1' },
        }),
      );
      const publish = await hooks.waitFor(stream, 'on_publish');
      const [client] = await srs.clientsOf(stream);
      const { server, service } = await srs.apiJson('/api/v1/versions');
      const shared = {
        server_id: server,
        service_id: service,
        client_id: client?.id,
        ip: '198.51.100.7',
        vhost: '__defaultVhost__',
        app: 'live',
        tcUrl: '',
        stream,
        param: `app=live&stream=${stream}&token=a%20b`,
        stream_url: `/live/${stream}`,
      };
      expect(publish.body).toEqual({
        ...shared,
        action: 'on_publish',
        stream_id: client?.['stream'],
      });
      await srs.remove(location);
      const unpublish = await hooks.waitFor(stream, 'on_unpublish');
      expect(unpublish.body).toMatchObject({ ...shared, action: 'on_unpublish' });
    });

    test('[SRS-7.1] on_play and on_stop carry SRS’s members', async ({ srs }) => {
      const { hooks } = srs.target;
      const stream = srs.newStream();
      const location = await srs.opened(
        srs.whep(stream, { headers: { 'X-Real-IP': '198.51.100.8' } }),
      );
      const { body: play } = await hooks.waitFor(stream, 'on_play');
      const [client] = await srs.clientsOf(stream);
      const shared = {
        client_id: client?.id,
        ip: '198.51.100.8',
        vhost: '__defaultVhost__',
        app: 'live',
        tcUrl: '',
        stream,
        param: `app=live&stream=${stream}`,
        stream_url: `/live/${stream}`,
      };
      expect(play).toMatchObject({ ...shared, action: 'on_play', pageUrl: '' });
      await srs.remove(location);
      const { body: stop } = await hooks.waitFor(stream, 'on_stop');
      expect(stop).toMatchObject({ ...shared, action: 'on_stop' });
      expect(stop).not.toHaveProperty('pageUrl');
    });

    test('[SRS-7.1] a hook is a JSON POST to the URL of its event, over a new connection', async ({
      srs,
    }) => {
      const { hooks } = srs.target;
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      const { url, headers } = await hooks.waitFor(stream, 'on_publish');
      expect(url).toBe('/api/srs/publish?secret=test');
      expect(headers['content-type']).toBe('application/json');
      expect(headers['user-agent']).toMatch(/^SRS\/\d/);
      expect(headers['content-length']).toMatch(/^\d+$/);
    });

    test('[SRS-7.1] play hooks tell the number of clients from 7.0.107 on', async ({ srs }) => {
      const { hooks, traits } = srs.target;
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      await srs.opened(srs.whep(stream));
      const { body } = await hooks.waitFor(stream, 'on_play');
      if (traits.tellsTotals) expect(body['clients']).toBe(1);
      else expect(body).not.toHaveProperty('clients');
    });
  });

  describe('answers', () => {
    test.for(ALLOWED)('[SRS-7.2] %s allows', async ([, reply], { srs }) => {
      const stream = srs.newStream();
      srs.target.hooks.answer(stream, 'on_play', reply);
      srs.target.hooks.answer(stream, 'on_publish', reply);
      expect((await srs.whep(stream)).status).toBe(201);
      expect((await srs.whip(stream)).status).toBe(201);
    });

    test.for(REFUSED)(
      '[SRS-7.2] %s refuses a viewer, and leaves nothing',
      async ([, reply, text], { srs }) => {
        const { hooks, traits } = srs.target;
        const stream = srs.newStream();
        hooks.answer(stream, 'on_play', reply);
        expectFailure(await srs.whep(stream), traits, 500, text);
        expect(await srs.clientsOf(stream)).toEqual([]);
        expect(hooks.received(stream)).toHaveLength(1);
      },
    );

    test('[SRS-7.2] a refused publisher is told 401 from 7.0.121 on', async ({ srs }) => {
      const { hooks, traits } = srs.target;
      const stream = srs.newStream();
      hooks.answer(stream, 'on_publish', { body: '{"code":7}' });
      expectFailure(await srs.whip(stream), traits, 401, /^1102: SystemAuth$/);
    });

    test('[SRS-7.2] 204 refuses, at the latest when its connection ends', async ({ srs }) => {
      const stream = srs.newStream();
      srs.target.hooks.answer(stream, 'on_play', { status: 204, body: '' });
      expectFailure(await srs.whep(stream), srs.target.traits, 500, /^\d{4}: /);
    });

    test('[SRS-13/P1] a refused publish: who keeps the name, and how it is freed', async ({
      srs,
    }) => {
      const { hooks, traits } = srs.target;
      const stream = srs.newStream();
      hooks.answer(stream, 'on_publish', { body: '{"code":1}' });
      expect((await srs.whip(stream)).status).not.toBe(201);
      hooks.answer(stream, 'on_publish', { body: '0' });
      if (!traits.refusedPublishHoldsName) {
        expect(await srs.clientsOf(stream)).toEqual([]);
      } else {
        expectFailure(await srs.whip(stream), traits, 409, /^1028: StreamBusy$/);
        const [zombie] = await srs.clientsOf(stream);
        expect(zombie).toMatchObject({ type: 'rtc-publish' });
        await srs.apiJson(`/api/v1/clients/${zombie?.id}`, { method: 'DELETE' });
      }
      await waitFor(async () => (await srs.whip(stream)).status === 201, { what: 'the free name' });
    });
  });

  describe('order', () => {
    test('[SRS-7.3] the 201 waits for on_publish, which holds up nobody else', async ({ srs }) => {
      const { hooks, traits } = srs.target;
      const stream = srs.newStream();
      const gate = Promise.withResolvers<undefined>();
      hooks.answer(stream, 'on_publish', { body: '0', after: gate.promise });
      const publishing = srs.whip(stream);
      await hooks.waitFor(stream, 'on_publish');
      expect((await srs.whip(srs.newStream())).status).toBe(201);
      expectFailure(await srs.whip(stream), traits, 409, /^1028: StreamBusy$/);
      gate.resolve(undefined);
      expect((await publishing).status).toBe(201);
    });

    test('[SRS-7.3] ends are told one after the other, each after the last was answered', async ({
      srs,
    }) => {
      const { hooks } = srs.target;
      const [first, second] = [srs.newStream(), srs.newStream()];
      const gate = Promise.withResolvers<undefined>();
      hooks.answer(first, 'on_stop', { body: '0', after: gate.promise });
      const locations = [await srs.opened(srs.whep(first)), await srs.opened(srs.whip(second))];
      for (const location of locations) await srs.remove(location);
      await hooks.waitFor(first, 'on_stop');
      // A hook of another kind goes round the queue: by its answer the queue had its chance.
      await srs.opened(srs.whep(second));
      expect(hooks.received(second, 'on_unpublish')).toHaveLength(0);
      gate.resolve(undefined);
      await hooks.waitFor(second, 'on_unpublish');
    });

    test('[SRS-7.3] a kick is told like any other end, once', async ({ srs }) => {
      const { hooks } = srs.target;
      const stream = srs.newStream();
      const location = await srs.opened(srs.whip(stream));
      const [client] = await srs.clientsOf(stream);
      await srs.apiJson(`/api/v1/clients/${client?.id}`, { method: 'DELETE' });
      await hooks.waitFor(stream, 'on_unpublish');
      await srs.remove(location);
      const other = srs.newStream();
      await srs.remove(await srs.opened(srs.whip(other)));
      await hooks.waitFor(other, 'on_unpublish');
      expect(hooks.received(stream, 'on_unpublish')).toHaveLength(1);
    });
  });
}
