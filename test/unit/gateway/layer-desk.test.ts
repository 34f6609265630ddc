import { beforeEach, describe, expect, test } from 'vitest';
import { layersEvent } from '../../../gateway/events/layers-event.ts';
import type { NodeLayer } from '../../../gateway/media/node.ts';
import { LayerDesk } from '../../../gateway/rooms/layer-desk.ts';
import type { Session } from '../../../gateway/rooms/session.ts';
import { aCore, type GatewayCore } from '../../support/gateway/a-gateway-core.ts';

const LOW: NodeLayer = { rid: 'q', width: 320, height: 180, bitrate: 150_000, active: true };
const HIGH: NodeLayer = { rid: 'f', width: 0, height: 0, bitrate: 0, active: false };

describe('choosing layers', () => {
  let core: GatewayCore;
  let desk: LayerDesk;
  let publisher: Session;
  let viewer: Session;

  beforeEach(async () => {
    core = await aCore();
    core.node.codecs = { ...core.node.codecs, layered: ['h264'] };
    desk = new LayerDesk();
    core.observers.push(desk);
    publisher = await core.publish();
    viewer = await core.play();
  });

  test('[LAYER-01] [LAYER-04] only viewers of a node with layers have something to choose', async () => {
    expect(desk.idOf(viewer)).toMatch(/^[\w-]{32}$/);
    expect(desk.idOf(viewer)).not.toBe(viewer.secret);
    expect(desk.idOf(publisher)).toBeUndefined();
    core.node.codecs = { ...core.node.codecs, layered: [] };
    expect(desk.idOf(await core.play())).toBeUndefined();
  });

  test('[LAYER-02] a choice goes to the node in its words, by either name', async () => {
    const id = desk.idOf(viewer) ?? '';
    expect(desk.sessionOf(id)).toBe(viewer);
    await desk.choose(viewer, { mediaId: '1', rid: 'h' });
    await desk.choose(viewer, { mediaId: '1', encodingId: 'h', maxHeight: 360 });
    await desk.choose(viewer, { mediaId: '1', maxWidth: 640 });
    expect(core.node.choices).toEqual([
      { rid: 'h', maxWidth: null, maxHeight: null },
      { rid: 'h', maxWidth: null, maxHeight: 360 },
      { rid: null, maxWidth: 640, maxHeight: null },
    ]);
  });

  test('[LAYER-03] a mediaId alone, or release, is automatic', async () => {
    await desk.choose(viewer, { mediaId: '1' });
    await desk.release(viewer);
    const automatic = { rid: null, maxWidth: null, maxHeight: null };
    expect(core.node.choices).toEqual([automatic, automatic]);
  });

  test.each([
    [{ mediaId: '0', rid: 'h' }, 'layer-unavailable'],
    [{ mediaId: '1', spatialLayerId: 1 }, 'layer-unavailable'],
    [{ mediaId: '1', maxTemporalLayerId: 0 }, 'layer-unavailable'],
    [{ mediaId: '1', rid: 'h', encodingId: 'q' }, 'bad-request'],
  ])('[LAYER-02] %j is refused as %s, and the node hears nothing', async (request, code) => {
    await expect(desk.choose(viewer, request)).rejects.toMatchObject({ code });
    expect(core.node.choices).toEqual([]);
  });

  test('[LAYER-02] what the node does not have is refused', async () => {
    core.node.layerResult = 'no-layer';
    const choice = { mediaId: '1', rid: 'x' };
    await expect(desk.choose(viewer, choice)).rejects.toMatchObject({ code: 'layer-unavailable' });
    core.node.listed.clear();
    await expect(desk.choose(viewer, choice)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('[LAYER-02] the capability ends with its session', async () => {
    const id = desk.idOf(viewer) ?? '';
    await core.sessions.end(viewer, 'client');
    expect(() => desk.sessionOf(id)).toThrow();
    expect(desk.size).toBe(0);
  });

  test('[EVENT-07] layers are told when they change, not with every bitrate', async () => {
    const told: string[] = [];
    core.observers.push({
      opened: () => undefined,
      live: () => undefined,
      ended: () => undefined,
      layersChanged: ({ layers }) => void told.push(layers.map(({ rid }) => rid).join('')),
    });
    const look = async (layers: readonly NodeLayer[]): Promise<void> => {
      for (const [id, client] of core.node.listed) {
        if (client.kind === 'publish')
          core.node.listed.set(id, { ...client, active: true, layers });
      }
      core.clock.now += 3_000;
      await core.watch.check();
    };
    await look([LOW, HIGH]);
    await look([{ ...LOW, bitrate: 7 }, HIGH]);
    await look([LOW]);
    expect(told).toEqual(['qf', 'q']);
    expect(publisher.layers).toEqual([LOW]);
  });
});

test('[EVENT-07] the event names what flows and what does not, under the viewer’s own mid', () => {
  const low = { encodingId: 'q', simulcastIdx: 0, width: 320, height: 180, bitrate: 150_000 };
  expect(layersEvent('5', [LOW, HIGH])).toEqual({
    '5': {
      active: [{ id: 'q', ...low }],
      inactive: [{ id: 'f', simulcastIdx: 1 }],
      layers: [low],
    },
  });
});
