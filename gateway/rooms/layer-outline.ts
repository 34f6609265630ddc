import type { NodeLayer } from '../media/node.ts';

/** What of layers is worth telling: bitrates change all the time. */
export const outline = (layers: readonly NodeLayer[]): string =>
  layers.map(({ rid, width, height, active }) => `${rid} ${width} ${height} ${active}`).join();
