import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  PUBLISH_MEDIA_PROTOCOL,
  WATCH_MEDIA_PROTOCOL,
} from '../../../gateway/protocol/media/media-protocol.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { pageProtocols } from '../../support/gateway/media-socket.ts';
import { openSocket, refusedSocket } from '../../support/gateway/test-socket.ts';
import { HostileMedia } from '../../support/media/hostile-media.ts';
import { aStripe } from '../../support/media/a-stripe.ts';
import { waitFor } from '../../support/wait-for.ts';

const PLACE = '/ws/media/demo';

describe('clients of media that mean harm', () => {
  test('[MEDIA-134] floods end with 4429: tiny stripes, text, receipts, wishes for keys', async () => {
    const stage = await HostileMedia.open();
    const tiny = aStripe({ bytes: 1 });
    const floods: readonly (readonly [Uint8Array | string, number, 'publisher' | 'viewer'])[] = [
      [tiny, 60_000, 'publisher'],
      [
        '{"type":"media/figures","frames":0,"stripes":0,"unchanged":0,"encodeMs":0,"encodeMaxMs":0}',
        60,
        'publisher',
      ],
      ['{"type":"media/key"}', 60, 'viewer'],
      ['{"type":"media/want","picture":false,"sound":false}', 60, 'viewer'],
    ];
    for (const [message, count, side] of floods) {
      const client = side === 'viewer' ? await stage.aViewer() : await stage.aPublisher('bad');
      const stripes = typeof message === 'string' ? null : message;
      for (let frame = 0; frame < count; frame++) {
        if (stripes === null) client.socket.send(message);
        else {
          const next = Buffer.from(stripes);
          next.writeUInt32BE(frame, 2);
          client.socket.send(next);
        }
      }
      expect(await client.end()).toMatchObject({
        code: 4429,
        reason: 'Too many messages. Slow down.',
      });
    }
    const viewer = await stage.aViewer();
    await waitFor(() => viewer.stripes.find(({ isLast }) => isLast), { what: 'a picture' });
    const frame = viewer.stripes.find(({ isLast }) => isLast)?.frame ?? 0;
    for (let turn = 0; turn < 1_000; turn++) viewer.paint(frame);
    expect(await viewer.end()).toMatchObject({ code: 4429 });
    await stage.goesOn();
    await stage.isClean();
  });

  test('[MEDIA-135] who paints nothing is closed 4408; who reads nothing is let go', async () => {
    const stage = await HostileMedia.open();
    const silent = await stage.aViewer();
    silent.paints = false;
    const deaf = await stage.aViewer();
    deaf.socket.pause();
    await stage.goesOn();
    await waitFor(() => silent.closed !== null, {
      timeoutMs: 30_000,
      what: 'the end of the silent',
    });
    expect(silent.closed).toEqual({ code: 4408, reason: 'Nothing was painted for too long.' });
    await stage.goesOn();
    await stage.isClean();
    deaf.socket.resume();
    expect((await deaf.end()).code).toBe(4408);
  });

  test('[MEDIA-136] wrong rights, rooms, sources and tokens are refused, by HTTP or inside the socket', async () => {
    const stage = await HostileMedia.open();
    const { url } = stage.gateway;
    const wrong: readonly (readonly [
      what: string,
      token: string,
      protocol: string,
      status: number,
    ])[] = [
      ['a publisher who may watch', aToken({ can: ['watch'] }), PUBLISH_MEDIA_PROTOCOL, 403],
      ['a viewer who may publish', aToken({ can: ['publish'] }), WATCH_MEDIA_PROTOCOL, 403],
      ['another room', aToken({ room: 'other' }), WATCH_MEDIA_PROTOCOL, 403],
      ['another source', aToken({ sources: ['two'] }), WATCH_MEDIA_PROTOCOL, 403],
      ['a token that has run out', aToken({ seconds: -10 }), WATCH_MEDIA_PROTOCOL, 401],
      ['a token of somebody', aToken({ secret: 'x'.repeat(32) }), PUBLISH_MEDIA_PROTOCOL, 401],
      ['a source of somebody else', aToken({ sub: 'eve' }), PUBLISH_MEDIA_PROTOCOL, 409],
    ];
    for (const [what, token, protocol, status] of wrong) {
      const refused = await refusedSocket(url, PLACE, { protocols: [protocol], token });
      expect(refused.status, what).toBe(status);
      const inside = await openSocket(url, PLACE, { protocols: pageProtocols(token, protocol) });
      const { code, reason } = await inside.end();
      expect(code, what).toBe(4000 + status);
      expect(reason, what).not.toBe('');
      expect(reason).not.toContain(token);
    }
    const nobody = await openSocket(url, PLACE, { protocols: [WATCH_MEDIA_PROTOCOL] });
    expect((await nobody.end()).code).toBe(4401);
    await stage.goesOn();
    await stage.isClean();
  });

  test('[MEDIA-137] half a message that never ends holds up nobody, and ends when pings go unanswered', async () => {
    const stage = await HostileMedia.open();
    const { port } = new URL(stage.gateway.url);
    const token = aToken({ sub: 'slow', can: ['publish'] });
    const loris = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void loris.destroy());
    loris.on('error', () => undefined);
    let head = '';
    let isOver = false;
    loris.on('data', (data) => (head += data.toString('latin1')));
    loris.on('close', () => (isOver = true));
    loris.write(
      [
        ...[`GET ${PLACE}/slow HTTP/1.1`, 'Host: gateway', 'Upgrade: websocket'],
        ...['Connection: Upgrade', 'Sec-WebSocket-Version: 13', `Authorization: Bearer ${token}`],
        ...[
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          `Sec-WebSocket-Protocol: ${PUBLISH_MEDIA_PROTOCOL}`,
        ],
        ...['', ''],
      ].join('\r\n'),
    );
    await waitFor(() => head.includes('101 '), { what: 'the upgrade' });
    // A masked binary frame that says it has 1 MiB, and one byte of it now and then.
    loris.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4]));
    const drip = setInterval(() => loris.write(Buffer.from([0])), 200);
    onTestFinished(() => clearInterval(drip));
    await stage.goesOn();
    await waitFor(() => isOver, { timeoutMs: 30_000, what: 'the end of the slow one' });
    clearInterval(drip);
    await stage.goesOn();
    await stage.isClean();
  });

  test('[MEDIA-138] a hundred who come and go leave nothing behind', async () => {
    const stage = await HostileMedia.open();
    const crowd = await Promise.all(Array.from({ length: 100 }, () => stage.aViewer()));
    await stage.goesOn();
    for (const [place, { socket }] of crowd.entries()) {
      if (place % 2 === 0) socket.terminate();
      else socket.close();
    }
    await stage.goesOn();
    await stage.isClean();
  });
});
