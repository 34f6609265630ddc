import type { NodeLayer } from '../media/node.ts';
import type { Layer, LayersEvent } from '../protocol/layers.ts';

/** What a viewer is told of a publisher's layers; `mid` is the viewer's own. */
export function layersEvent(mid: string, layers: readonly NodeLayer[]): LayersEvent {
  const placed = layers.map((layer, index) => ({ ...toLayer(layer, index), on: layer.active }));
  const active = placed.filter(({ on }) => on).map(({ on: _, ...layer }) => layer);
  return {
    [mid]: {
      active: active.map((layer) => ({ id: layer.encodingId, ...layer })),
      inactive: placed
        .filter(({ on }) => !on)
        .map(({ encodingId: id, simulcastIdx }) => ({ id, simulcastIdx })),
      layers: active,
    },
  };
}

const toLayer = ({ rid, width, height, bitrate }: NodeLayer, index: number): Layer => ({
  encodingId: rid,
  simulcastIdx: index,
  ...(width > 0 && height > 0 ? { width, height } : {}),
  bitrate: Math.round(bitrate),
});
