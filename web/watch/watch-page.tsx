import { useCallback, useEffect, useRef, useState } from 'react';
import type { WhepClient, WhepState } from '../core/whep-client.ts';
import { useObservable } from '../ui/use-observable.ts';
import { usePolled } from '../ui/use-polled.ts';
import { CursorOverlay } from './cursor-overlay.tsx';
import { HostCard } from './host-card.tsx';
import { overlayOf } from './overlay-words.ts';
import { PlayerControls } from './player-controls.tsx';
import { usePlayerKeys } from './player-keys.ts';
import { Player } from './player.ts';
import { useIdleMark } from './use-idle-mark.ts';
import { ReceivedFigures } from './received-figures.tsx';
import { WatchOverlay } from './watch-overlay.tsx';
import { createWatched } from './watched.ts';
import '../styles/watch.css';

/** Plays one source of a room, by itself and for as long as the page is open. */
export function WatchPage({
  room,
  source,
  token,
}: {
  readonly room: string;
  readonly source: string;
  readonly token: string;
}) {
  const [watched] = useState(() => createWatched({ room, source }, token));
  const { client, socket } = watched;
  const [player] = useState(() => new Player());
  const [figuresShown, setFiguresShown] = useState(false);
  const [readStats] = useState(() => () => client.stats());
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const state = useObservable(client.state);
  const viewers = useObservable(client.viewers);
  const host = useObservable(socket.host);
  const { soundBlocked } = useObservable(player.state);
  const hasPlayed = useHasPlayed(client);
  const stats = usePolled(figuresShown ? readStats : null, 1000);
  const toggleFigures = useCallback(() => setFiguresShown((shown) => !shown), []);
  usePlayerKeys(player, toggleFigures);
  useIdleMark(stage);
  useEffect(() => {
    if (video.current === null || stage.current === null) return;
    const detach = player.attach(video.current, stage.current);
    const unsubscribe = client.stream.subscribe(() => void player.show(client.stream.value));
    const stop = watched.start();
    // A page brought back from the browser's cache comes with a dead connection.
    const restart = (event: PageTransitionEvent) => {
      if (event.persisted) client.start();
    };
    window.addEventListener('pageshow', restart);
    return () => {
      window.removeEventListener('pageshow', restart);
      stop();
      unsubscribe();
      detach();
    };
  }, [client, player, watched]);

  const overlay = overlayOf(state, { hasPlayed, host });
  return (
    <main
      className="watch"
      ref={stage}
      data-testid="watch"
      data-state={state.kind}
      data-problem={problemCode(state)}
    >
      <title>{`${room} · PixelCast`}</title>
      <header className="watch-head">
        <h1 className="watch-title">{room}</h1>
        {viewers !== null && (
          <p className="watch-viewers">
            <span data-testid="viewers">{viewers}</span> watching
          </p>
        )}
      </header>
      <p className="unseen" role="status">
        {overlay === null ? 'Playing' : `${overlay.title} ${overlay.text}`}
      </p>
      <div className="picture">
        <video ref={video} playsInline aria-label="Shared screen" data-testid="video" />
        <CursorOverlay video={video} socket={socket} />
        <WatchOverlay
          overlay={overlay}
          onTryNow={() => client.retryNow()}
          onStartAgain={() => client.start()}
        />
        {soundBlocked && (
          <button
            type="button"
            className="primary unmute"
            data-testid="unmute"
            onClick={() => player.toggleMute()}
          >
            Unmute
          </button>
        )}
        {figuresShown && (
          <aside className="watch-figures" aria-label="Figures" data-testid="figures">
            <ReceivedFigures stats={stats} />
            {host !== null && <HostCard news={host} place={watched.place} api={watched.hostApi} />}
          </aside>
        )}
      </div>
      <PlayerControls
        player={player}
        layers={client.layers}
        figuresShown={figuresShown}
        toggleFigures={toggleFigures}
      />
    </main>
  );
}

/** Whether a picture was seen since the page opened: "stopped" and "not yet" read differently. */
function useHasPlayed(client: WhepClient): boolean {
  const [hasPlayed, setHasPlayed] = useState(false);
  useEffect(
    () =>
      client.state.subscribe(() => {
        if (client.state.value.kind === 'live') setHasPlayed(true);
      }),
    [client],
  );
  return hasPlayed;
}

function problemCode(state: WhepState): string | undefined {
  if (state.kind === 'failed' || state.kind === 'reconnecting') return state.problem.code;
  return state.kind === 'waiting' ? 'no-publisher' : undefined;
}
