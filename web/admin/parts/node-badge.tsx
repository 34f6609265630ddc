import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { Badge } from './badge.tsx';

/** Whether a media server answers, and takes new sources. */
export function NodeBadge({ node: { healthy, duty } }: { readonly node: NodeView }) {
  if (healthy && duty !== 'serving') {
    return (
      <Badge tone="warm" testId="node-health">
        {duty}
      </Badge>
    );
  }
  return (
    <Badge tone={healthy ? 'good' : 'bad'} testId="node-health">
      {healthy ? 'healthy' : 'away'}
    </Badge>
  );
}
