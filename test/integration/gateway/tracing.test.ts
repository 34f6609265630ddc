import { describe, expect, test } from 'vitest';
import { aControlledHost, aController } from '../../support/gateway/a-controlled-room.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { HOOK_SECRET, problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';
import { aCollector, traceSettings } from '../../support/tracing/otlp-collector.ts';
import { waitFor } from '../../support/wait-for.ts';
import { WebhookClient } from '../../support/webhooks/webhook-client.ts';
import { aReceiver } from '../../support/webhooks/webhook-receiver.ts';

const WHIP = 'POST /whip/:room';
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

async function aTracedGateway(more: Readonly<Record<string, string>> = {}) {
  const collector = await aCollector();
  const { gateway, srs } = await startGateway({ env: traceSettings(collector.url, more) });
  return { collector, gateway, srs };
}

describe('traces', () => {
  test.each(['http/protobuf', 'http/json'])(
    '[TRACE-01] a join is one trace from the edge to media, by %s',
    async (protocol) => {
      const { collector, gateway, srs } = await aTracedGateway({
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_SERVICE_NAME: 'cast-7',
      });
      const reply = await gateway.whip();
      expect(reply.status).toBe(201);
      srs.connectAll();
      const connect = await collector.one('connect');
      const root = await collector.one(WHIP);
      expect(root.parentId).toBe('');
      const offer = await collector.one('offer to node');
      expect(offer.parentId).toBe(root.spanId);
      for (const name of ['authenticate', 'read offer', 'repair answer', 'connect'])
        expect((await collector.one(name)).parentId, name).toBe(root.spanId);
      const hook = await collector.one('hook on_publish');
      expect(hook.parentId).toBe(offer.spanId);
      expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(
        new Set([root.traceId]),
      );
      expect(root.attributes).toMatchObject({
        'http.response.status_code': '201',
        'pixelcast.room': 'demo',
        'pixelcast.source': 'main',
      });
      expect(connect.failed).toBe(false);
      expect(collector.resources[0]).toMatchObject({ 'service.name': 'cast-7' });
    },
  );

  test('[TRACE-02] the request id is in the trace, in the answer and in the log', async () => {
    const { collector, gateway } = await aTracedGateway();
    const reply = await gateway.whip();
    const { attributes, traceId } = await collector.one(WHIP);
    const request = reply.headers.get('x-request-id');
    expect(attributes['pixelcast.request_id']).toBe(request);
    const opened = gateway.lines.find(({ msg }) => msg === 'session opened');
    expect(opened).toMatchObject({ request, trace: traceId });
    const hook = await collector.one('hook on_publish');
    expect(hook.attributes['pixelcast.request_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(hook.attributes['pixelcast.request_id']).not.toBe(request);
  });

  test('[TRACE-03] a trusted proxy’s trace goes on, to the node too', async () => {
    const { collector, gateway, srs } = await aTracedGateway({ TRUSTED_PROXIES: '127.0.0.1' });
    await gateway.whip('demo', { headers: { traceparent: TRACEPARENT } });
    const root = await collector.one(WHIP);
    expect(root).toMatchObject({ traceId: CALLER.traceId, parentId: CALLER.spanId });
    const { rawHeaders = [] } = srs.offers[0] ?? {};
    const { spanId } = await collector.one('offer to node');
    expect(rawHeaders[rawHeaders.indexOf('traceparent') + 1]).toBe(
      `00-${CALLER.traceId}-${spanId}-01`,
    );
  });

  test('[TRACE-04] nobody else’s does', async () => {
    const { collector, gateway } = await aTracedGateway();
    await gateway.whip('demo', { headers: { traceparent: TRACEPARENT } });
    const root = await collector.one(WHIP);
    expect(root.parentId).toBe('');
    expect(root.traceId).not.toBe(CALLER.traceId);
  });

  test('[TRACE-05] nothing secret is in it: no token, no SDP, no address of a session', async () => {
    const { collector, gateway, srs } = await aTracedGateway();
    const token = aToken();
    const published = await gateway.whip('demo', { token });
    const watched = await gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    const broken = await gateway.whip('demo', { token, offer: 'v=0\r\ns=private-title\r\n' });
    expect([published.status, watched.status, broken.status]).toEqual([201, 201, 400]);
    srs.connectAll();
    await collector.named('connect', 2);
    await collector.named(WHIP, 2);
    const sent = Buffer.concat(collector.bodies).toString('latin1');
    const answer = await published.text();
    const secrets = [
      ...[token, token.split('.')[2] ?? '', HOOK_SECRET, 'private-title', 'v=0'],
      ...[published, watched].map((reply) => reply.headers.get('location')?.split('/').at(-1)),
      ...[answer, anOffer('chromium-publish')].flatMap((sdp) =>
        [...sdp.matchAll(/^a=(?:ice-pwd|ice-ufrag|fingerprint):(.*)$/gm)].map(([, text]) =>
          text?.trim(),
        ),
      ),
      ...[...srs.clients.values()].map(({ param }) => /ticket=(\w+)/.exec(param)?.[1]),
    ];
    for (const secret of secrets) {
      expect(secret).toBeTruthy();
      expect(sent.includes(String(secret)), 'a secret was sent').toBe(false);
    }
  });

  test('[TRACE-06] a refusal is told by its code', async () => {
    const { collector, gateway, srs } = await aTracedGateway();
    const refused = await gateway.whip('demo', { token: aToken({ can: ['watch'] }) });
    expect((await problemOf(refused))['code']).toBe('scope-insufficient');
    const root = await collector.one(WHIP);
    expect(root).toMatchObject({ failed: true });
    expect(root.attributes).toMatchObject({
      'error.type': 'scope-insufficient',
      'http.response.status_code': '403',
    });
    expect(await collector.one('authenticate')).toMatchObject({ failed: true });
    expect(srs.offers).toEqual([]);
    expect(collector.spans.map(({ name }) => name)).not.toContain('offer to node');
  });

  test('[TRACE-09] what a webhook delivers belongs to the trace of its session', async () => {
    const { collector, gateway } = await aTracedGateway({
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
    });
    const receiver = await aReceiver();
    await receiver.up();
    const { id } = await new WebhookClient(gateway.url).create({
      url: receiver.url,
      types: ['session.opened'],
    });
    await gateway.whip();
    const root = await collector.one(WHIP);
    const delivery = await collector.one('deliver webhook');
    expect(delivery).toMatchObject({ traceId: root.traceId, parentId: root.spanId });
    expect(delivery.attributes).toMatchObject({
      'pixelcast.webhook': id,
      'pixelcast.event': receiver.ids[0],
      'http.response.status_code': '204',
    });
    expect(receiver.received[0]?.trace).toBe(`00-${root.traceId}-${delivery.spanId}-01`);
    receiver.answer = () => 500;
    await new WebhookClient(gateway.url).test(id);
    const [, failed] = await collector.named('deliver webhook', 2);
    expect(failed).toMatchObject({ parentId: '', failed: true });
  });

  test('[TRACE-10] who gets and loses control is told', async () => {
    const { collector, gateway } = await aTracedGateway();
    await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    expect(await anna.wish('request')).toMatchObject({ result: 'granted' });
    const { attributes } = await collector.one('control');
    expect(attributes).toMatchObject({
      'pixelcast.room': 'demo',
      'pixelcast.viewer': anna.viewer,
    });
  });

  test('[TRACE-11] a sampler that keeps nothing sends nothing', async () => {
    const { collector, gateway } = await aTracedGateway({ OTEL_TRACES_SAMPLER: 'always_off' });
    const reply = await gateway.whip();
    expect(reply.status).toBe(201);
    await gateway.close();
    expect(collector.bodies).toEqual([]);
  });
});

describe('a collector that', () => {
  test.each(['refuses', 'hangs'] as const)('[TRACE-07] %s delays no join', async (mood) => {
    const { collector, gateway } = await aTracedGateway();
    collector.mood = mood;
    expect((await gateway.whip()).status).toBe(201);
    await waitFor(() => collector.bodies.length > 0, { what: 'an export' });
    expect((await gateway.whep()).status).toBe(201);
    await gateway.close();
    if (mood === 'hangs') return;
    const told = gateway.lines.filter(({ msg }) => msg === 'traces not taken by the collector');
    expect(told).toHaveLength(1);
  });

  test('[TRACE-07] is not there delays no join', async () => {
    const srs = await startFakeSrs();
    const gone = await aCollector();
    const env = traceSettings(gone.url);
    gone.mood = 'hangs';
    const { gateway } = await startGateway({
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
      srs,
    });
    expect((await gateway.whip()).status).toBe(201);
    expect((await gateway.whep()).status).toBe(201);
    await gateway.close();
  });

  test('[TRACE-08] hangs keeps a queue of limited length', async () => {
    const { collector, gateway } = await aTracedGateway({
      OTEL_BSP_MAX_QUEUE_SIZE: '12',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
      OTEL_BSP_EXPORT_TIMEOUT: '600000',
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
    });
    collector.mood = 'hangs';
    const token = aToken({ room: '*', can: ['admin', 'publish'] });
    for (let count = 0; count < 20; count += 1)
      expect((await gateway.whip(`room-${count}`, { token })).status).toBe(201);
    await waitFor(() => collector.bodies.length > 0, { what: 'an export' });
    collector.mood = 'takes';
    await gateway.close();
    expect(collector.spans.length).toBeGreaterThan(0);
    expect(collector.spans.length).toBeLessThanOrEqual(12);
  });

  test('[TRACE-08] is slow gets what waits when the gateway stops', async () => {
    const { collector, gateway } = await aTracedGateway({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    expect((await gateway.whip()).status).toBe(201);
    expect(collector.bodies).toEqual([]);
    await gateway.close();
    expect(collector.spans.map(({ name }) => name)).toContain(WHIP);
  });
});
