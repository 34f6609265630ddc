import { useEffect, useState } from 'react';
import { tokenNow } from '../core/token-source.ts';
import type { TokenSource } from '../core/token-source.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { localProblem } from '../core/problem.ts';
import type { PageMode } from '../page-route.ts';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { createRoomRecorder } from '../recordings/room-recorder.ts';
import { Preview } from '../share/preview.tsx';
import { SentFigures } from '../share/sent-figures.tsx';
import { WatchLink } from '../share/watch-link.tsx';
import { useRenewal } from '../login/use-renewal.ts';
import { useObservable } from '../ui/use-observable.ts';
import { usePolled } from '../ui/use-polled.ts';
import { CameraBar } from './camera-bar.tsx';
import { firstChoice } from './camera-choice.ts';
import type { CameraChoice } from './camera-choice.ts';
import { findCameraObstacle } from './camera-problem.ts';
import { CameraSettings } from './camera-settings.tsx';
import { CameraShare } from './camera-share.ts';
import type { CameraState } from './camera-share.ts';
import { CameraStatus } from './camera-status.tsx';
import { createSender } from '../share/create-sender.ts';
import type { SendTarget } from '../share/create-sender.ts';
import { WakeLock, lendScreen } from './wake-lock.ts';
import { ZoomSlider } from './zoom-slider.tsx';
import '../styles/share.css';
import '../styles/camera.css';

/** Sends this phone's camera into a room. */
export function CameraPage({
  room,
  source,
  mode,
  token,
  renewToken,
  watchToken,
}: {
  readonly room: string;
  readonly source: string;
  readonly mode: PageMode;
  readonly token: TokenSource;
  /** Gets another token when this one has run out; absent where the link brought it. */
  readonly renewToken?: () => Promise<boolean>;
  readonly watchToken: string | null;
}) {
  const [choice, setChoice] = useState(firstChoice);
  const [share] = useState(() => createShare({ room, source, mode, token }));
  const [readStats] = useState(() => () => share.stats());
  const state = useObservable(share.state);
  useRenewal(problemCode(state), renewToken);
  const view = useObservable(share.view);
  const [{ watch }] = useState(() => createRoomRecorder(createBrowserPort(), { room, token }));
  const recording = useObservable(watch.recording);
  const sound = useObservable(share.sound.state);
  const isHeld = useObservable(share.isHeld);
  const [panelShown, setPanelShown] = useState(false);
  const sent = usePolled(view !== null && panelShown ? readStats : null, 1000);
  useEffect(() => () => share.stop(), [share]);
  useEffect(() => (tokenNow(token) === '' ? undefined : watch.start()), [watch, token]);
  useAwake(view !== null);

  const change = (next: CameraChoice) => {
    setChoice(next);
    void share.change(next);
  };
  return (
    <main
      className="camera"
      data-testid="camera"
      data-state={state.kind}
      data-problem={problemCode(state)}
    >
      <title>{`${view === null ? 'Camera' : '● Camera'} · ${room} · PixelCast`}</title>
      <header className="camera-head">
        <h1>
          Camera into <span className="name">{room}</span>
        </h1>
        <RecordingSign recording={recording} source={source} isDirect={mode === 'direct'} />
      </header>
      <div className="camera-stage" data-mirrored={view?.looksBack === true || undefined}>
        <Preview stream={view?.stream ?? null} label="Preview of your camera" />
        {panelShown && (
          <aside className="camera-panel stack" aria-label="Settings" data-testid="panel">
            <CameraSettings choice={choice} onChange={change} />
            <SentFigures sent={sent} />
            <WatchLink {...{ room, source, mode }} token={watchToken} />
          </aside>
        )}
      </div>
      <CameraStatus state={state} sound={sound} isHeld={isHeld} />
      {view !== null && view.lens.zoom !== null && (
        <ZoomSlider
          range={view.lens.zoom}
          value={view.settings.zoom ?? view.lens.zoomed ?? view.lens.zoom.least}
          onChange={(zoom) => void share.setZoom(zoom)}
        />
      )}
      <CameraBar
        {...{ share, state, view, choice, panelShown }}
        isSoundOn={view === null ? choice.sound : sound === 'on'}
        onChange={change}
        togglePanel={() => setPanelShown((shown) => !shown)}
      />
    </main>
  );
}

/** The screen of a phone that sends must not go dark. */
function useAwake(isWanted: boolean): void {
  const [lock] = useState(() => new WakeLock({ port: createBrowserPort(), lend: lendScreen }));
  useEffect(() => {
    lock.want(isWanted);
    return () => lock.want(false);
  }, [lock, isWanted]);
}

function createShare(target: SendTarget): CameraShare {
  const share = new CameraShare((wish) => createSender(target, wish));
  const obstacle = findCameraObstacle();
  if (tokenNow(target.token) === '') {
    share.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  } else if (obstacle !== null) {
    share.state.set({ kind: 'camera-failed', problem: obstacle });
  }
  return share;
}

function problemCode(state: CameraState): string | undefined {
  if (state.kind === 'camera-failed') return state.problem;
  return state.kind === 'failed' || state.kind === 'reconnecting' ? state.problem.code : undefined;
}
