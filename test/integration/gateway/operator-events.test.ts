import { describe, expect, test } from 'vitest';
import { GatewayEvent } from '../../../gateway/protocol/gateway-event.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { EventReader } from '../../support/gateway/event-reader.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

const bearer = (token: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${token}`,
  ...more,
});

const names = (reader: EventReader): string[] =>
  reader.events.map((event) => event.split(' ')[0] ?? '');

describe('GET /api/v1/events', () => {
  test('[EVENT-22] is an event stream of what happens, each event as the schema has it', async () => {
    const { gateway } = await startGateway();
    const reader = await EventReader.open(`${gateway.url}/api/v1/events`, bearer(anAdminToken()));
    expect(reader.status).toBe(200);
    expect(reader.response.headers['content-type']).toBe('text/event-stream');
    const posted = await gateway.whip();
    const session = posted.headers.get('location') ?? '';
    await waitFor(() => names(reader).includes('session.opened'), { what: 'the session' });
    await gateway.request('DELETE', session, { headers: { 'if-match': '*' } });
    await waitFor(() => names(reader).includes('room.closed'), { what: 'the end of the room' });
    for (const event of reader.events) {
      const { type } = GatewayEvent.parse(JSON.parse(event.slice(event.indexOf(' ') + 1)));
      expect(event.startsWith(`${type} `)).toBe(true);
    }
    expect(names(reader).filter((name) => !name.startsWith('node.'))).toEqual([
      ...['room.opened', 'session.opened', 'session.ended', 'room.closed'],
    ]);
    expect(reader.text).not.toContain(session.split('/').at(-1));
  });

  test('goes on where a lost connection stopped', async () => {
    const { gateway } = await startGateway();
    const url = `${gateway.url}/api/v1/events?room=demo`;
    const first = await EventReader.open(url, bearer(anAdminToken()));
    await gateway.whip();
    await waitFor(() => names(first).includes('session.opened'), { what: 'the session' });
    const heard = /^id: (.*)\nevent: room\.opened$/m.exec(first.text)?.[1] ?? '';
    first.close();
    const again = await EventReader.open(url, bearer(anAdminToken(), { 'last-event-id': heard }));
    await waitFor(() => names(again).includes('session.opened'), { what: 'what was missed' });
    expect(names(again)).not.toContain('room.opened');
  });

  test('ends when the token runs out, and with the gateway', async () => {
    const { gateway } = await startGateway();
    const url = `${gateway.url}/api/v1/events`;
    const short = await EventReader.open(url, bearer(anAdminToken({ seconds: 2 })));
    const long = await EventReader.open(url, bearer(anAdminToken()));
    await waitFor(() => short.ending === 'complete', { what: 'the end of the token' });
    expect(long.ending).toBe(null);
    await gateway.close();
    await waitFor(() => long.ending === 'complete', { what: 'the end of the gateway' });
  });

  test('is for who operates, with types that exist', async () => {
    const { gateway } = await startGateway();
    const asked = async (path: string, token: string | null): Promise<number> =>
      (await gateway.request('GET', path, { token })).status;
    expect(await asked('/api/v1/events', null)).toBe(401);
    expect(await asked('/api/v1/events', aToken())).toBe(403);
    expect(await asked('/api/v1/events?types=room.opened,nothing', anAdminToken())).toBe(400);
    const head = await gateway.request('HEAD', '/api/v1/events', { token: anAdminToken() });
    expect(head.status).toBe(200);
  });
});
