import { useEffect, useState } from 'react';
import { tokenNow } from '../core/token-source.ts';
import type { TokenSource } from '../core/token-source.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { localProblem } from '../core/problem.ts';
import type { PageMode } from '../page-route.ts';
import { useRenewal } from '../login/use-renewal.ts';
import { RecordingButton, RecordingProblemNotice } from '../recordings/recording-button.tsx';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { createRoomRecorder } from '../recordings/room-recorder.ts';
import { UNKNOWN } from '../ui/quantity.ts';
import { useObservable } from '../ui/use-observable.ts';
import { usePolled } from '../ui/use-polled.ts';
import { createSender } from './create-sender.ts';
import type { SendTarget } from './create-sender.ts';
import { Preview } from './preview.tsx';
import { findCaptureObstacle } from './screen-capture.ts';
import { ScreenShare } from './screen-share.ts';
import type { ShareState } from './screen-share.ts';
import { SentFigures } from './sent-figures.tsx';
import { firstChoice } from './share-choice.ts';
import type { ShareChoice } from './share-choice.ts';
import { ShareSettings } from './share-settings.tsx';
import { ShareStatus } from './share-status.tsx';
import { WatchLink } from './watch-link.tsx';
import '../styles/share.css';

/** Shares this computer's screen into a room. */
export function SharePage({
  room,
  source,
  mode,
  token,
  renewToken,
  watchToken,
}: {
  readonly room: string;
  readonly source: string;
  /** By which ways it is sent. */
  readonly mode: PageMode;
  readonly token: TokenSource;
  /** Gets another token when this one has run out; absent where the link brought it. */
  readonly renewToken?: () => Promise<boolean>;
  readonly watchToken: string | null;
}) {
  const [choice, setChoice] = useState(firstChoice);
  const [share] = useState(() => createShare({ room, source, mode, token }));
  const [{ watch, control }] = useState(() =>
    createRoomRecorder(createBrowserPort(), { room, token }),
  );
  const state = useObservable(share.state);
  useRenewal(problemCode(state), renewToken);
  const stream = useObservable(share.stream);
  const sizesRefused = useObservable(share.sizesRefused);
  const [readStats] = useState(() => () => share.stats());
  const stats = usePolled(stream === null ? null : readStats, 1000);
  const view = useObservable(watch.room);
  const recording = useObservable(watch.recording);
  const sourceView = view?.sources.find((one) => one.source === source);
  useEffect(() => () => share.stop(), [share]);
  useEffect(() => (tokenNow(token) === '' ? undefined : watch.start()), [watch, token]);

  const changeChoice = (next: ShareChoice) => {
    setChoice(next);
    void share.change(next);
  };
  return (
    <main
      className="page"
      data-testid="share"
      data-state={state.kind}
      data-problem={problemCode(state)}
      data-ways={waysOf(state)}
    >
      <title>{`${stream === null ? 'Share' : '● Sharing'} · ${room} · PixelCast`}</title>
      <header className="page-header">
        <h1>
          Share into <span className="name">{room}</span>
        </h1>
        <RecordingSign recording={recording} source={source} isDirect={mode === 'direct'} />
        <Audience viewers={view === null ? null : (sourceView?.viewers ?? 0)} />
      </header>
      <div className="share-layout">
        <section aria-label="Preview" className="stack">
          <Preview stream={stream} />
          <div className="row">
            <StartOrStop state={state} share={share} choice={choice} />
            {state.kind === 'reconnecting' && (
              <button type="button" onClick={() => share.retryNow()} data-testid="retry">
                Try now
              </button>
            )}
            {control !== null && (
              <RecordingButton
                control={control}
                isRecording={recording?.recording === true}
                look="words"
              />
            )}
          </div>
          {control !== null && <RecordingProblemNotice control={control} />}
          <ShareStatus
            state={state}
            taken={sourceView?.live ?? false}
            sizesRefused={sizesRefused}
          />
        </section>
        <section aria-label="Settings and figures" className="stack">
          <ShareSettings choice={choice} isSending={isSending(state)} onChange={changeChoice} />
          <SentFigures sent={stats} />
          <WatchLink {...{ room, source, mode }} token={watchToken} />
        </section>
      </div>
    </main>
  );
}

function StartOrStop({
  state,
  share,
  choice,
}: {
  readonly state: ShareState;
  readonly share: ScreenShare;
  readonly choice: ShareChoice;
}) {
  const sending = isSending(state);
  // One button for both, so that keyboard focus stays where it is.
  return (
    <button
      type="button"
      className={sending ? 'danger' : 'primary'}
      data-testid={sending ? 'stop' : 'start'}
      disabled={state.kind === 'choosing' || isHopeless(state)}
      onClick={() => {
        if (sending) share.stop();
        else void share.start(choice);
      }}
    >
      {sending ? 'Stop sharing' : 'Share screen'}
    </button>
  );
}

function Audience({ viewers }: { readonly viewers: number | null }) {
  return (
    <p className="audience">
      <span data-testid="viewers">{viewers ?? UNKNOWN}</span> {viewers === 1 ? 'viewer' : 'viewers'}
    </p>
  );
}

function createShare(target: SendTarget): ScreenShare {
  const share = new ScreenShare((wish) => createSender(target, wish));
  const obstacle = findCaptureObstacle();
  if (tokenNow(target.token) === '') {
    share.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  } else if (obstacle !== null) {
    share.state.set({ kind: 'capture-failed', problem: obstacle });
  }
  return share;
}

function waysOf(state: ShareState): string | undefined {
  if (state.kind !== 'live') return undefined;
  const { webrtc, websocket } = state.ways;
  return [webrtc ? 'webrtc' : '', websocket ? 'websocket' : ''].join(' ').trim();
}

function problemCode(state: ShareState): string | undefined {
  if (state.kind === 'capture-failed') return state.problem;
  return state.kind === 'failed' || state.kind === 'reconnecting' ? state.problem.code : undefined;
}

function isSending({ kind }: ShareState): boolean {
  return kind === 'connecting' || kind === 'live' || kind === 'reconnecting';
}

/** Pressing the button again could not change these. */
function isHopeless(state: ShareState): boolean {
  if (state.kind === 'failed') return state.problem.code === 'token-missing';
  return (
    state.kind === 'capture-failed' &&
    (state.problem === 'capture-unsupported' || state.problem === 'capture-insecure')
  );
}
