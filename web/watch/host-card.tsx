import { useState } from 'react';
import type { HostStatus, HostView, Tuning } from '../../gateway/protocol/host.ts';
import type { HostApi, HostPlace } from '../core/host-api.ts';
import type { HostNews } from '../core/viewer-socket.ts';
import { showEncoder, showFixed, showKind, stateNames } from '../host/host-words.ts';
import { TuningPanel } from '../host/tuning-panel.tsx';
import { FigureList } from '../ui/figure-list.tsx';
import { UNKNOWN, showBitrate, showCount, showSize } from '../ui/quantity.ts';
import { usePolled } from '../ui/use-polled.ts';

/** What shares the picture; for an operator with what it sends, and the means to adjust it. */
export function HostCard({
  news,
  place,
  api,
}: {
  readonly news: HostNews;
  readonly place: HostPlace;
  /** Null where the token does not allow it. */
  readonly api: HostApi | null;
}) {
  const [read] = useState(() => (api === null ? null : createReader(api, place)));
  const reading = usePolled(read, 1000);
  const { status, kind } = news;
  if (status === null) return null;
  const view = reading?.view ?? null;
  return (
    <section className="host-card" aria-label="Host" data-testid="host">
      <h2>{showKind(kind)}</h2>
      <FigureList label="What the host sends" figures={figuresOf(status, view)} />
      {api !== null && reading !== null && view !== null && (
        <TuningPanel
          title="Adjust the host"
          view={view}
          readAtMs={reading.readAtMs}
          tune={(tuning: Tuning) => api.tune(place, tuning)}
        />
      )}
    </section>
  );
}

/** What it sends to those whom WebRTC does not reach. */
function websocketFigures({ websocket }: HostStatus, view: HostView | null) {
  if (websocket === undefined || websocket.state === 'idle') return [];
  const { encoder, picture } = websocket;
  const stripes = view?.stripes ?? null;
  const size = showSize(picture?.width ?? null, picture?.height ?? null);
  return [
    { key: 'host-ws', name: 'By WebSocket', value: `${encoder ?? UNKNOWN}, ${size}` },
    ...(stripes === null
      ? []
      : [
          {
            key: 'host-ws-fps',
            name: 'Frames per second, by WebSocket',
            value: showCount(Math.round(stripes.framesPerSecond)),
          },
          {
            key: 'host-ws-sent',
            name: 'Bitrate, by WebSocket',
            value: showBitrate(stripes.sentKbps * 1000),
          },
        ]),
  ];
}

function createReader(api: HostApi, place: HostPlace) {
  return async () => {
    const readAtMs = Date.now();
    return { readAtMs, view: await api.read(place) };
  };
}

function figuresOf(status: HostStatus, view: HostView | null) {
  const { picture, fixed } = status;
  const targetKbps = view?.figures?.targetKbps ?? picture?.bitrateKbps ?? null;
  const sent = view?.figures == null ? null : view.figures.sentKbps * 1000;
  const fixedFields = showFixed(fixed);
  return [
    { key: 'host-state', name: 'Host', value: stateNames[status.state] },
    {
      key: 'host-encoder',
      name: 'Encoder',
      value: showEncoder(status.encoder, status.codec),
    },
    {
      key: 'host-size',
      name: 'Picture',
      value: showSize(picture?.width ?? null, picture?.height ?? null),
    },
    { key: 'host-fps', name: 'Frames per second', value: showCount(picture?.fps ?? null) },
    {
      key: 'host-target',
      name: 'Bitrate, aimed at',
      value: showBitrate(targetKbps === null ? null : targetKbps * 1000),
    },
    ...(view === null
      ? []
      : [{ key: 'host-sent', name: 'Bitrate, sent', value: showBitrate(sent) }]),
    { key: 'host-publisher', name: 'Publisher', value: status.publisher ?? UNKNOWN },
    ...websocketFigures(status, view),
    ...(fixedFields === null ? [] : [{ key: 'host-fixed', name: 'Fixed', value: fixedFields }]),
  ];
}
