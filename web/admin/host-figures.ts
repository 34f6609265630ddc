import type { AudienceReport, HostView } from '../../gateway/protocol/host.ts';
import { showPicture } from '../host/host-words.ts';
import type { Figure } from '../ui/figure-list.tsx';
import {
  UNKNOWN,
  showCount,
  showDuration,
  showFraction,
  showMilliseconds,
} from '../ui/quantity.ts';

/** What a host and its viewers measure. */
export function hostFigures(view: HostView, nowMs = Date.now()): readonly Figure[] {
  const { status, audience } = view;
  const picture = status.picture ?? status.websocket?.picture ?? status.direct?.picture ?? null;
  return [
    { key: 'picture', name: 'Picture', value: showPicture(picture) },
    { key: 'rate', name: 'Sent', value: showRate(view) },
    { key: 'encode', name: 'Encoding takes', value: showEncoding(view) },
    { key: 'machine', name: 'Machine', value: showMachine(view) },
    { key: 'viewers', name: 'Viewers', value: String(audience?.viewers ?? 0) },
    { key: 'audience', name: 'They report', value: showAudience(audience) },
    { key: 'rtt', name: 'Round trip', value: showMilliseconds(view.rttMs) },
    { key: 'for', name: 'Connected for', value: showDuration(nowMs - view.connectedAt) },
    { key: 'version', name: 'Version', value: view.capabilities.version },
  ];
}

/** `2310 of 2500 kbit/s`: sent, and aimed at, in each mode. */
function showRate({ figures, stripes, direct, status }: HostView): string {
  const shown = (of: { readonly sentKbps: number; readonly targetKbps: number }): string =>
    `${showCount(Math.round(of.sentKbps))} of ${showCount(of.targetKbps)} kbit/s`;
  const rates = [
    ...(status.picture === null || figures === null ? [] : [shown(figures)]),
    ...(stripes === null ? [] : [`${shown(stripes)} by WebSocket`]),
    ...(direct === null || direct.clients === 0
      ? []
      : [`${shown(direct)} to ${direct.clients} directly`]),
  ];
  return rates.join(', ') || UNKNOWN;
}

/** `6 ms, 9 ms by WebSocket`: from capture until a picture is encoded. */
function showEncoding({ figures, stripes }: HostView): string {
  const times = [
    ...(figures?.encodeMs == null ? [] : [showMilliseconds(figures.encodeMs)]),
    ...(stripes === null || stripes.framesPerSecond === 0
      ? []
      : [`${showMilliseconds(stripes.encodeMs)} by WebSocket`]),
  ];
  return times.join(', ') || UNKNOWN;
}

/** `CPU 40 %, memory 61 %, graphics 12 %`. */
function showMachine({ machine }: HostView): string {
  if (machine === undefined) return UNKNOWN;
  const { cpu, memory, gpus } = machine;
  const shares = [
    `CPU ${showShare(cpu)}`,
    `memory ${showShare(memory)}`,
    ...gpus.map(({ busy }) => `graphics ${showShare(busy)}`),
  ];
  return shares.join(', ');
}

const showShare = (share: number): string => `${Math.round(share * 100)} %`;

/** `2 of them: 0.4 % lost, 0 % freeze`. */
function showAudience(audience: AudienceReport | null): string {
  if (audience === null || audience.reporting === 0) return UNKNOWN;
  const { reporting, lossMedian, freezing } = audience;
  return `${reporting}: ${showFraction(lossMedian)} lost, ${Math.round(freezing * 100)} % freeze`;
}
