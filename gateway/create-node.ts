import type { NodeSettings } from './config/node-settings.ts';
import type { MediaNode } from './media/node.ts';
import { nameOf } from './rooms/nodes.ts';
import { SrsNode } from './media/srs/srs-node.ts';
import { NodeTransport } from './media/srs/transport.ts';
import type { Metrics } from './observability/metrics.ts';

/** A node as configured, its requests counted. */
export function createNode(settings: NodeSettings, metrics: Metrics): MediaNode {
  const transport = new NodeTransport({
    ...settings,
    password: settings.password?.reveal(),
  });
  return new SrsNode(nameOf(settings.apiUrl), transport, (operation, result, seconds) =>
    metrics.nodeRequests.observe({ operation, result }, seconds),
  );
}
