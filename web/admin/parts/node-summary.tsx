import type { NodeSummary } from '../../../gateway/protocol/api/node-inspection.ts';
import { UNKNOWN, showDuration, showFraction, showMilliseconds } from '../../ui/quantity.ts';
import { showBytes } from '../recording-words.ts';
import { Card } from './card.tsx';
import { Facts } from './facts.tsx';

/** What a media server says of itself and of its machine. */
export function NodeSummaryCards({ summary }: { readonly summary: NodeSummary }) {
  const { machine } = summary;
  return (
    <>
      <Card title="Its process" testId="node-process">
        <Facts
          facts={[
            ['Version', summary.version || UNKNOWN],
            ['Runs for', showDuration(summary.uptimeSeconds * 1000)],
            ['Processor, of one core', showFraction(summary.cpuShare)],
            ['Memory', showBytes(summary.memoryBytes)],
            ['Its timers are late by (99 %)', showMilliseconds(summary.eventLoopDelayP99Ms)],
            ['Process id', summary.pid],
          ]}
        />
      </Card>
      <Card title="Its machine" testId="node-machine">
        <Facts
          facts={[
            ['Processor, of all cores', showFraction(machine.cpuShare)],
            ['Cores', machine.cpus],
            ['Load, of the last minute', machine.load1m.toFixed(2)],
            ['Memory in use', showFraction(machine.memoryShare)],
            ['Network, received', showBytes(machine.receivedBytes)],
            ['Network, sent', showBytes(machine.sentBytes)],
            ['Connections of the media server', machine.connections],
            ['Runs for', showDuration(machine.uptimeSeconds * 1000)],
          ]}
        />
      </Card>
    </>
  );
}
