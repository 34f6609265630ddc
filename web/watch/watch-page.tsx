import { useCallback, useEffect, useRef, useState } from 'react';
import type { RoamingClient } from '../core/roaming/roaming-client.ts';
import { tokenNow } from '../core/token-source.ts';
import type { TokenSource } from '../core/token-source.ts';
import type { WhepState } from '../core/whep-client.ts';
import type { EmbedBridge } from '../embed/embed-bridge.ts';
import { diagnoseLink } from '../page-route.ts';
import type { PageMode } from '../page-route.ts';
import { useRenewal } from '../login/use-renewal.ts';
import { RecordingButton, RecordingProblemNotice } from '../recordings/recording-button.tsx';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { useObservable } from '../ui/use-observable.ts';
import { usePolled } from '../ui/use-polled.ts';
import { actionOf } from './control/control-action.ts';
import { ClickToDrive } from './control/click-to-drive.tsx';
import { ControlNotices } from './control/control-notices.tsx';
import { ControlStrip } from './control/control-strip.tsx';
import { DriveTools } from './control/drive-tools.tsx';
import { InputSurface } from './control/input-surface.tsx';
import { TouchKeys } from './control/touch-keys.tsx';
import type { PictureScale } from './control/picture-scales.ts';
import { useControlReading } from './control/use-control-reading.ts';
import { CursorOverlay } from './cursor-overlay.tsx';
import { FigureGraphs } from './figure-graphs.tsx';
import { HostCard } from './host-card.tsx';
import { overlayOf } from './overlay-words.ts';
import { PlayerControls } from './player-controls.tsx';
import { usePlayerKeys } from './player-keys.ts';
import { useIdleMark } from './use-idle-mark.ts';
import { useEmbedding } from './use-embedding.ts';
import { ReceivedFigures } from './received-figures.tsx';
import { Screen } from './screen.tsx';
import { WatchDiary } from './watch-diary.tsx';
import { WatchOverlay } from './watch-overlay.tsx';
import { WayNotice } from './way-notice.tsx';
import { FigureLog } from './figure-log.ts';
import { WatchPanels } from './watch-panels.tsx';
import type { Panel } from './watch-panels.tsx';
import { createWatched } from './watched.ts';
import '../styles/watch.css';
import '../styles/control.css';

/** Plays one source of a room, by itself and for as long as the page is open. */
export function WatchPage({
  room,
  source,
  mode,
  relayOnly,
  token,
  renewToken,
  bridge,
  control,
}: {
  readonly room: string;
  readonly source: string;
  /** Which way the picture may take. */
  readonly mode: PageMode;
  /** Whether only TURN servers may carry it. */
  readonly relayOnly: boolean;
  readonly token: TokenSource;
  /** Gets another token when this one has run out; absent where the link brought it. */
  readonly renewToken?: () => Promise<boolean>;
  /** To the page around; null where this one stands alone. */
  readonly bridge: EmbedBridge | null;
  /** Whether control is offered. */
  readonly control: boolean;
}) {
  const [watched] = useState(() => createWatched({ room, source }, { mode, relayOnly }, token));
  const { client, player, socket, board, drive } = watched;
  const [figuresShown, setFiguresShown] = useState(false);
  const [panel, setPanel] = useState<Panel | null>(null);
  const [scale, setScale] = useState<PictureScale>('fit');
  const [log] = useState(() => new FigureLog(watched));
  const stage = useRef<HTMLDivElement>(null);
  const state = useObservable(client.state);
  useRenewal(problemCode(state), renewToken, () => client.start());
  const viewers = useObservable(client.viewers);
  const { shown, reason } = useObservable(client.choice);
  const host = useObservable(socket.host);
  const recording = useObservable(watched.recorder.watch.recording);
  const recorder = bridge === null ? watched.recorder.control : null;
  const { standing } = useControlReading(board);
  const { soundBlocked } = useObservable(player.state);
  const hasPlayed = useHasPlayed(client);
  const stats = usePolled(figuresShown ? log.read : null, 1000);
  const toggleFigures = useCallback(() => setFiguresShown((shown) => !shown), []);
  const toggle = (name: Panel) => setPanel((shown) => (shown === name ? null : name));
  const askForControl = useCallback(() => {
    const action = actionOf(board.reading.value);
    if (action !== null) void board[action.wish]();
  }, [board]);
  const isDriving = control && standing.kind === 'driving';
  const { isPointerLocked, showsKeyboard } = useObservable(drive.capture);
  // Whoever has the pointer sees the host's cursor as their own, without delay.
  const hasPointer = isDriving && standing.driver.devices.includes('pointer') && !isPointerLocked;
  const offers = host?.offers ?? null;
  usePlayerKeys({ player, toggleFigures, askForControl, enabled: !isDriving });
  useIdleMark(stage);
  useEffect(() => {
    if (stage.current === null) return;
    const detach = player.attach(stage.current);
    const stop = watched.start();
    // A page brought back from the browser's cache comes with a dead connection.
    const restart = (event: PageTransitionEvent) => {
      if (event.persisted) client.restart();
    };
    window.addEventListener('pageshow', restart);
    return () => {
      window.removeEventListener('pageshow', restart);
      stop();
      detach();
    };
  }, [client, player, watched]);
  useEffect(
    () =>
      drive.onWayOut(() =>
        stage.current?.querySelector<HTMLElement>('[data-testid="drive"]')?.focus(),
      ),
    [drive],
  );
  useEmbedding(bridge, { player, client, board });

  const overlay = overlayOf(state, { hasPlayed, host });
  return (
    <main
      className="watch"
      ref={stage}
      data-testid="watch"
      data-state={state.kind}
      data-mode={shown ?? undefined}
      data-problem={problemCode(state)}
      data-embedded={bridge !== null || undefined}
    >
      <title>{`${room} · PixelCast`}</title>
      <header className="watch-head">
        <h1 className="watch-title">{room}</h1>
        <RecordingSign recording={recording} source={source} isDirect={mode === 'direct'} />
        {viewers !== null && (
          <p className="watch-viewers">
            <span data-testid="viewers">{viewers}</span> watching
            {shown === 'websocket' && ' over WebSocket'}
          </p>
        )}
      </header>
      <p className="unseen" role="status">
        {overlay === null ? 'Playing' : `${overlay.title} ${overlay.text}`}
      </p>
      <div className="picture">
        <Screen picture={player.picture} drive={drive} scale={scale}>
          {!hasPointer && <CursorOverlay player={player} socket={socket} />}
          {control && (
            <InputSurface
              drive={drive}
              picture={player.picture}
              painted={watched.stripes.painted}
            />
          )}
        </Screen>
        {control && <ClickToDrive board={board} />}
        {recorder !== null && <RecordingProblemNotice control={recorder} />}
        <WayNotice shown={shown} reason={reason} />
        <WatchOverlay
          overlay={overlay}
          whyLink={
            bridge === null ? whyLink(state, { room, source, token: tokenNow(token) }) : null
          }
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
            <ReceivedFigures figures={stats} reason={reason} />
            <FigureGraphs log={log} samples={stats?.samples ?? []} mode={mode} />
            {watched.whep !== null && (
              <WatchDiary whep={watched.whep} diaryApi={watched.diaryApi} />
            )}
            {host !== null && <HostCard news={host} place={watched.place} api={watched.hostApi} />}
          </aside>
        )}
        {control && <ControlNotices board={board} />}
        {control && (
          <WatchPanels
            panel={panel}
            watched={watched}
            offers={offers}
            close={() => setPanel(null)}
          />
        )}
      </div>
      {control && (
        <ControlStrip
          board={board}
          peopleShown={panel === 'people'}
          togglePeople={() => toggle('people')}
        >
          <DriveTools {...{ drive, offers, panel, toggle, scale, setScale }} />
        </ControlStrip>
      )}
      {isDriving && showsKeyboard && <TouchKeys keys={drive.keys} />}
      <PlayerControls
        player={player}
        layers={watched.webrtc.layers}
        figuresShown={figuresShown}
        toggleFigures={toggleFigures}
      >
        {recorder !== null && (
          <RecordingButton
            control={recorder}
            isRecording={recording?.recording === true}
            look="icon"
          />
        )}
      </PlayerControls>
    </main>
  );
}

/** Whether a picture was seen since the page opened: "stopped" and "not yet" read differently. */
function useHasPlayed(client: RoamingClient): boolean {
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

/** Where it can be found out what keeps the picture away; null where the words say it all. */
function whyLink(
  state: WhepState,
  { room, source, token }: { room: string; source: string; token: string },
): string | null {
  const problem = 'problem' in state ? state.problem.code : null;
  if (problem === null || problem === 'token-missing' || problem === 'removed') return null;
  return diagnoseLink({ room, source }, token);
}

function problemCode(state: WhepState): string | undefined {
  if (state.kind === 'failed' || state.kind === 'reconnecting') return state.problem.code;
  return state.kind === 'waiting' ? 'no-publisher' : undefined;
}
