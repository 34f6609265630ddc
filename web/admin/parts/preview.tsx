import { useEffect, useRef, useState } from 'react';
import type { SourceView } from '../../../gateway/protocol/api/rooms.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { explainProblem } from '../../core/problem.ts';
import { WhepClient } from '../../core/whep-client.ts';
import { endpointPath } from '../../page-route.ts';
import { useObservable } from '../../ui/use-observable.ts';
import { useConsole } from '../console-context.ts';
import { useOnScreen } from '../use-on-screen.ts';
import { usePageVisible } from '../use-page-visible.ts';
import { explainAdminProblem } from '../admin-words.ts';

/** A small picture without sound, from a press until another; it rests while nobody can see it. */
export function Preview({ room, source }: { readonly room: RoomId; readonly source: SourceView }) {
  const { viewToken, explain } = useConsole();
  const [token, setToken] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (!source.transports.includes('webrtc')) {
    return source.live ? (
      <p className="preview-note">It comes by WebSocket: open it to watch.</p>
    ) : null;
  }
  const begin = async () => {
    setProblem(null);
    try {
      setToken(await viewToken(room));
    } catch (cause) {
      setProblem(explainAdminProblem(explain(cause)));
    }
  };
  return (
    <div className="preview-box">
      {token === null ? (
        <button type="button" data-testid="preview-start" onClick={() => void begin()}>
          Show the picture
        </button>
      ) : (
        <PreviewPicture
          room={room}
          source={source.source}
          token={token}
          onStop={() => setToken(null)}
        />
      )}
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  );
}

function PreviewPicture({
  room,
  source,
  token,
  onStop,
}: {
  readonly room: RoomId;
  readonly source: string;
  readonly token: string;
  readonly onStop: () => void;
}) {
  const { port } = useConsole();
  const video = useRef<HTMLVideoElement>(null);
  const [client] = useState(
    () =>
      new WhepClient(
        { endpoint: `${location.origin}${endpointPath('whep', room, source)}`, token },
        port,
      ),
  );
  const state = useObservable(client.state);
  const stream = useObservable(client.stream);
  const isOnScreen = useOnScreen(video);
  const isVisible = usePageVisible() && isOnScreen;
  useEffect(() => {
    if (!isVisible) return;
    client.start();
    return () => client.stop();
  }, [client, isVisible]);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <>
      <video
        ref={video}
        autoPlay
        muted
        playsInline
        aria-label={`Picture of ${source}`}
        data-testid="preview"
        data-state={state.kind}
      />
      {state.kind !== 'live' && (
        <p className="preview-note" role="status">
          {'problem' in state ? explainProblem(state.problem, 'watch') : 'The picture is coming…'}
        </p>
      )}
      <button
        type="button"
        className="small preview-stop"
        data-testid="preview-stop"
        onClick={onStop}
      >
        Stop
      </button>
    </>
  );
}
