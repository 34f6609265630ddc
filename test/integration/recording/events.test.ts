import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayEvent } from '../../../gateway/protocol/gateway-event.ts';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { EventReader } from '../../support/gateway/event-reader.ts';
import { publishFromPage, whipExchange } from '../../support/recording/media-page.ts';
import { openRecordingGateway } from '../../support/recording/recording-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';
import { WebhookClient } from '../../support/webhooks/webhook-client.ts';
import { aReceiver } from '../../support/webhooks/webhook-receiver.ts';

const PATIENCE = { timeoutMs: 60_000 };

let browser: TestBrowser;
beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

test(
  '[REC-80] [REC-82] each event of a recording comes once and in order, to operators and to webhooks; figures count them, links come for who may',
  { timeout: 180_000 },
  async () => {
    const stage = await openRecordingGateway({ WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' });
    const { url } = stage.gateway;
    const receiver = await aReceiver();
    await receiver.up();
    const types = ['started', 'stopped', 'ready', 'failed', 'deleted'].map(
      (name) => `recording.${name}`,
    );
    await new WebhookClient(url).create({ url: receiver.url, types });
    const reader = await EventReader.open(`${url}/api/v1/events?types=${types.join()}`, {
      authorization: `Bearer ${aToken({ sub: 'olga', room: 'demo', can: ['operate'] })}`,
    });
    const heard = () =>
      reader.events.map((text) =>
        GatewayEvent.parse(JSON.parse(text.slice(text.indexOf(' ') + 1))),
      );
    const hears = (type: string, count: number) =>
      waitFor(() => heard().filter((event) => event.type === type).length === count, {
        ...PATIENCE,
        what: `${count} ${type}`,
      });
    const record = async (): Promise<string> => {
      const started = await stage.call('POST', '/rooms/demo/recordings', {});
      return ((await started.json()) as RecordingView).id;
    };

    const empty = await record();
    await stage.call('POST', `/recordings/${empty}/stop`);
    await hears('recording.failed', 1);
    await stage.call('DELETE', `/recordings/${empty}`);

    const page = await browser.open('about:blank');
    const token = aToken({ room: 'demo', can: ['publish'] });
    await publishFromPage(page, whipExchange(`${url}/whip/demo`, token));
    const kept = await record();
    await stage.wait(kept, 'a part', ({ parts }) => parts.length === 1);
    await page.close();
    await stage.wait(kept, 'the part to be made', ({ parts: [part] }) => part?.state === 'ready');
    await stage.call('POST', `/recordings/${kept}/stop`);
    await hears('recording.ready', 1);
    const linked = await stage.call('POST', '/recordings/links', {
      recordings: [kept, 'nosuchrecording0'],
    });
    expect(await linked.json()).toMatchObject({ items: [{ recording: kept, parts: [{}] }] });
    const others = await stage.gateway.request('POST', '/api/v1/recordings/links', {
      token: aToken({ sub: 'otto', room: 'other', can: ['operate'] }),
      body: JSON.stringify({ recordings: [kept] }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await others.json()).toEqual({ items: [] });
    await stage.call('DELETE', `/recordings/${kept}`);
    await hears('recording.deleted', 2);

    const life = (id: string) =>
      heard().flatMap((event) =>
        'recording' in event.data && event.data.recording === id ? [event.type] : [],
      );
    const [began, ended, gone] = ['recording.started', 'recording.stopped', 'recording.deleted'];
    expect(life(empty)).toEqual([began, ended, 'recording.failed', gone]);
    expect(life(kept)).toEqual([began, ended, 'recording.ready', gone]);
    expect(heard()).toHaveLength(8);
    await waitFor(() => receiver.ids.length >= 8, { ...PATIENCE, what: 'all webhooks' });
    expect([...new Set(receiver.ids)]).toEqual(heard().map(({ id }) => id));

    const told = await stage.gateway.request('GET', '/metrics', { token: anAdminToken() });
    const lines = (await told.text()).split('\n');
    for (const line of [
      'started_total{reason="api"} 2',
      'stopped_total{cause="person"} 2',
      'ready_total 1',
      'failed_total{cause="nothing"} 1',
      'deleted_total{cause="person"} 2',
      'remux_seconds_count 1',
      'remux_backlog 0',
      'active 0',
      'bytes 0',
      'limit_bytes{limit="min-free"} 0',
    ]) {
      expect(lines).toContain(`pixelcast_recordings_${line}`);
    }
    const valueOf = (name: string) =>
      Number(lines.find((line) => line.startsWith(`pixelcast_recordings_${name} `))?.split(' ')[1]);
    expect(valueOf('written_bytes_total')).toBeGreaterThan(1_000);
    expect(valueOf('disk_free_bytes')).toBeGreaterThan(0);
    expect(valueOf('disk_bytes')).toBeGreaterThan(valueOf('disk_free_bytes'));
  },
);
