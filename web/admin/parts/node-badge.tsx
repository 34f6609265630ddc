import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { Badge } from './badge.tsx';

/** Whether a media server answers, and takes new sources. */
export function NodeBadge({ node: { healthy, duty, hold } }: { readonly node: NodeView }) {
  if (healthy && (duty !== 'serving' || hold !== null)) {
    return (
      <Badge tone="warm" testId="node-health">
        {duty === 'serving' ? 'held' : duty}
      </Badge>
    );
  }
  return (
    <Badge tone={healthy ? 'good' : 'bad'} testId="node-health">
      {healthy ? 'healthy' : 'away'}
    </Badge>
  );
}
