import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { isName, pageLink, sourceOfPage } from '../page-route.ts';
import type { SourcePage } from '../page-route.ts';
import { Notice } from '../ui/notice.tsx';

/** For people who were given a room and a token instead of a ready link. */
export function LandingPage() {
  const [room, setRoom] = useState('');
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState(false);
  const go = (page: SourcePage) => {
    setRefused(!isName(room));
    if (!isName(room)) return;
    const target = { page, room, source: sourceOfPage(page) };
    location.assign(pageLink(location.origin, target, { token: token.trim() }));
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    go('watch');
  };
  return (
    <main className="page narrow" data-testid="landing">
      <title>PixelCast</title>
      <h1>PixelCast</h1>
      <p className="lead">Share a screen or a camera, or watch one, with nothing to install.</p>
      <form className="card stack" onSubmit={submit}>
        <label>
          Room
          <input
            value={room}
            onChange={(event) => setRoom(event.target.value.trim())}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby="room-rule"
            data-testid="room"
          />
        </label>
        <span className="hint" id="room-rule">
          Up to 64 letters, digits, “_” and “-”.
        </span>
        <label>
          Token
          <input
            type="password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
            autoComplete="off"
            data-testid="token"
          />
        </label>
        <div className="row">
          <button type="submit" className="primary" data-testid="go-watch">
            Watch
          </button>
          <button type="button" onClick={() => go('share')} data-testid="go-share">
            Share
          </button>
          <button type="button" onClick={() => go('camera')} data-testid="go-camera">
            Camera
          </button>
        </div>
        {refused && <Notice tone="problem">This is not the name of a room.</Notice>}
      </form>
    </main>
  );
}
