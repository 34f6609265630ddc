import { showBitrate } from '../../ui/quantity.ts';
import { showBytes } from '../recording-words.ts';
import type { Column } from './data-table.tsx';

/** What went through something at a media server. */
interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly receivedKbps: number;
  readonly sentKbps: number;
}

/** Bytes in all, and the rate of the last 30 s once it is known. */
export function trafficColumns<Row extends Traffic>(): readonly Column<Row>[] {
  return [
    {
      key: 'received',
      title: 'Received',
      kind: 'number',
      cell: ({ receivedBytes, receivedKbps }) => showTraffic(receivedBytes, receivedKbps),
    },
    {
      key: 'sent',
      title: 'Sent',
      kind: 'number',
      cell: ({ sentBytes, sentKbps }) => showTraffic(sentBytes, sentKbps),
    },
  ];
}

const showTraffic = (bytes: number, kbps: number): string =>
  kbps === 0 ? showBytes(bytes) : `${showBytes(bytes)}, ${showBitrate(kbps * 1000)}`;
