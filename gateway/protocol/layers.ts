import { z } from 'zod';

const layerIndex = z.int().min(0).max(0xffff);
const pixels = z.int().min(1).max(16_384);
const rid = z.string().regex(/^[A-Za-z0-9_-]{1,16}$/);

/**
 * `POST` of a layer URL, WHEP layer selection extension: `rid` (or `encodingId`, the same) takes one
 * layer, a size limits the choice, `mediaId` alone leaves it to the server. Unknown members are
 * ignored.
 */
export const LayerRequest = z.object({
  mediaId: z.string().min(1).max(32),
  rid: rid.exactOptional(),
  encodingId: rid.exactOptional(),
  maxWidth: pixels.exactOptional(),
  maxHeight: pixels.exactOptional(),
  spatialLayerId: layerIndex.exactOptional(),
  temporalLayerId: layerIndex.exactOptional(),
  maxSpatialLayerId: layerIndex.exactOptional(),
  maxTemporalLayerId: layerIndex.exactOptional(),
});
export type LayerRequest = z.infer<typeof LayerRequest>;

const Layer = z.object({
  encodingId: z.string(),
  /** Place among the layers, lowest first. */
  simulcastIdx: z.int(),
  /** Absent while unknown. */
  width: z.int().exactOptional(),
  height: z.int().exactOptional(),
  /** Bits per second. */
  bitrate: z.int(),
});
export type Layer = z.infer<typeof Layer>;

/** Data of the event `layers`: by mid, the layers that flow; without any there is no choice. */
export const LayersEvent = z.record(
  z.string(),
  z.object({
    active: z.array(Layer.extend({ id: z.string() })),
    inactive: z.array(z.object({ id: z.string(), simulcastIdx: z.int() })),
    layers: z.array(Layer),
  }),
);
export type LayersEvent = z.infer<typeof LayersEvent>;
