import { describe, expect, test } from 'vitest';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { aMediaPublisher, aMediaViewer } from '../../support/gateway/media-socket.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { aStripe } from '../../support/media/a-stripe.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('media sockets', () => {
  test('[MEDIA-01] stripes and sound reach every viewer byte for byte', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const viewers = [await aMediaViewer(gateway.url), await aMediaViewer(gateway.url)];
    await publisher.hearsSuch('media/demand', ({ picture }) => picture === 2);
    const stripes = [aStripe(), aStripe({ y: 64, bytes: 70_000, isLast: true })];
    const sound = writeSound({ sequence: 1, capturedAtUs: 5, payload: new Uint8Array([1, 2]) });
    for (const message of [...stripes, sound]) publisher.socket.send(message);
    for (const viewer of viewers) {
      await waitFor(() => viewer.media.length === 3, { what: 'all of it' });
      expect(Buffer.concat(viewer.media)).toEqual(Buffer.concat([...stripes, sound]));
    }
  });
});
