import { describe, expect, test } from 'vitest';
import {
  CLIPBOARD_IMAGE_BYTES,
  CLIPBOARD_TEXT_BYTES,
} from '../../../gateway/protocol/control-terms.ts';
import {
  aControllableHost,
  aController,
  aControlToken,
  takeControl,
} from '../../support/gateway/a-controller.ts';
import { aKeyFrame, partsOf } from '../../support/gateway/an-input-desk.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { aViewer, type TestSocket } from '../../support/gateway/test-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

const IMAGE = Buffer.alloc(CLIPBOARD_IMAGE_BYTES, 'png');

function contentAt(socket: TestSocket): Buffer {
  const parts = socket
    .heard('clipboard/part')
    .map(({ data }) => Buffer.from(String(data), 'base64'));
  return Buffer.concat(parts);
}

describe('clipboards through the gateway', () => {
  test('[CLIP-01] [CLIP-03] an image of 8 MiB arrives whole, and keys pass it', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket, epoch } = await aController(gateway.url);
    for (const part of partsOf(IMAGE, { kind: 'image/png' })) socket.say(part);
    await host.hears('clipboard/part');
    socket.say(aKeyFrame({ epoch }));
    await host.hears('input/frame');
    expect(contentAt(host).length).toBeLessThan(IMAGE.length / 2);
    await waitFor(() => contentAt(host).length === IMAGE.length, {
      what: 'the whole image',
      timeoutMs: 60_000,
      everyMs: 200,
    });
    expect(contentAt(host).equals(IMAGE)).toBe(true);
    host.say({ type: 'clipboard/taken', id: 1 });
    await socket.hears('clipboard/taken');
  }, 90_000);

  test('[CLIP-11] [CLIP-13] what the host copied goes to the holder alone, while it holds', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket: anna } = await aController(gateway.url);
    const ben = await aViewer(gateway.url, { token: aControlToken('ben') });
    const text = Buffer.from('häß 漢字'.repeat(5_000));
    host.say({ type: 'clipboard/offer', id: 4, kinds: ['text/plain'] });
    await anna.hears('clipboard/offer');
    anna.say({ type: 'clipboard/want', id: 4, kind: 'text/plain' });
    await host.hears('clipboard/want');
    for (const part of partsOf(text, { id: 4 })) host.say(part);
    await waitFor(() => contentAt(anna).equals(text), { what: 'the text', timeoutMs: 20_000 });
    anna.say({ type: 'control/release', id: 'x' });
    await takeControl(ben);
    ben.say({ type: 'clipboard/want', id: 4, kind: 'text/plain' });
    expect(await ben.hears('clipboard/refused')).toMatchObject({ why: 'gone' });
    expect(ben.heard('clipboard/offer')).toEqual([]);
    expect(host.heard('clipboard/want')).toHaveLength(1);
  });

  test('[CLIP-04] [CLIP-07] too much, and of who holds nothing, is refused', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket: anna } = await aController(gateway.url);
    const ben = await aViewer(gateway.url, { token: aControlToken('ben') });
    const large = Buffer.alloc(CLIPBOARD_TEXT_BYTES + 1, 65);
    for (const viewer of [anna, ben]) for (const part of partsOf(large)) viewer.say(part);
    expect(await anna.hears('clipboard/refused')).toMatchObject({ why: 'too-large' });
    expect(await ben.hears('clipboard/refused')).toMatchObject({ why: 'not-holder' });
    anna.say({ type: 'viewer/ping', at: 1, rttMs: null });
    await anna.hears('viewer/pong');
    expect(host.heard('clipboard/part')).toEqual([]);
    expect(anna.heard('clipboard/refused')).toHaveLength(1);
  });

  test('[CLIP-02] more than the rate ends the socket', async () => {
    const { gateway } = await startGateway();
    await aControllableHost(gateway.url);
    const { socket } = await aController(gateway.url);
    for (const id of [1, 2, 3, 4]) {
      for (const part of partsOf(IMAGE, { id, kind: 'image/png' })) socket.say(part);
    }
    expect((await socket.end()).code).toBe(4429);
  });
});
