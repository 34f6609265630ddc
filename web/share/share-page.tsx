import { useEffect, useState } from 'react';
import type { RoomView } from '../../gateway/protocol/api.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import { localProblem } from '../core/problem.ts';
import { RoomApi } from '../core/room-api.ts';
import { pageLink } from '../page-route.ts';
import type { PageMode } from '../page-route.ts';
import { CopyField } from '../ui/copy-field.tsx';
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
import '../styles/share.css';

/** Shares this computer's screen into a room. */
export function SharePage({
  room,
  source,
  mode,
  token,
  watchToken,
}: {
  readonly room: string;
  readonly source: string;
  /** By which ways it is sent. */
  readonly mode: PageMode;
  readonly token: string;
  readonly watchToken: string | null;
}) {
  const [choice, setChoice] = useState(firstChoice);
  const [share] = useState(() => createShare({ room, source, mode, token }));
  const [readRoom] = useState(() => createRoomReader(room, token));
  const state = useObservable(share.state);
  const stream = useObservable(share.stream);
  const sizesRefused = useObservable(share.sizesRefused);
  const [readStats] = useState(() => () => share.stats());
  const stats = usePolled(stream === null ? null : readStats, 1000);
  const view = usePolled(token === '' ? null : readRoom, 2000);
  const sourceView = view?.sources.find((one) => one.source === source);
  useEffect(() => () => share.stop(), [share]);

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
          </div>
          <ShareStatus
            state={state}
            taken={sourceView?.live ?? false}
            sizesRefused={sizesRefused}
          />
        </section>
        <section aria-label="Settings and figures" className="stack">
          <ShareSettings choice={choice} isSending={isSending(state)} onChange={changeChoice} />
          <SentFigures sent={stats} />
          {watchToken !== null && (
            <CopyField
              label="Link for viewers"
              testId="watch-link"
              value={pageLink(
                location.origin,
                { page: 'watch', room, source, mode },
                { token: watchToken },
              )}
            />
          )}
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
  if (target.token === '') {
    share.state.set({ kind: 'failed', problem: localProblem('token-missing') });
  } else if (obstacle !== null) {
    share.state.set({ kind: 'capture-failed', problem: obstacle });
  }
  return share;
}

function createRoomReader(room: string, token: string): () => Promise<RoomView | null> {
  const url = new URL(`/api/v1/rooms/${room}`, location.origin).href;
  const api = new RoomApi(createBrowserPort(), { url, token });
  return () => api.read();
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
