import assert from 'node:assert/strict';
import { RtpPublisher } from '../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import { waitFor } from '../support/wait-for.ts';

/** Video frames that must arrive, at 30 per second. */
const FRAMES = 45;

export interface MediaCheck {
  readonly url: string;
  readonly room: string;
  readonly publishToken: string;
  readonly watchToken: string;
  /** The candidate that answers must carry. */
  readonly candidate: string;
}

/** Publishes and watches by real WebRTC peers on this machine, and says what arrived. */
export async function checkMedia(check: MediaCheck): Promise<string> {
  const { url, room, publishToken, watchToken } = check;
  const exchange = (path: string, token: string) => async (offer: string) => {
    const { answer, location } = await postOffer(`${url}/${path}/${room}`, token, offer);
    assert.ok(
      answer.includes(` ${check.candidate} typ host`),
      `no ${check.candidate} in:\n${answer}`,
    );
    assert.ok(location.startsWith(`${url}/sessions/`), `Location: ${location}`);
    return answer;
  };
  const publisher = await RtpPublisher.connect(exchange('whip', publishToken));
  try {
    const viewer = await waitFor(() => RtpViewer.connect(exchange('whep', watchToken)), {
      timeoutMs: 10_000,
      everyMs: 200,
      what: `a viewer of ${room}`,
    });
    try {
      const { video, audio } = viewer;
      const hasAll = (): boolean => {
        // As a browser's decoder does.
        if (video.keyframes === 0) viewer.sendPli();
        return video.frames >= FRAMES && video.keyframes > 0 && audio.packets > 0;
      };
      await waitFor(hasAll, {
        timeoutMs: 20_000,
        everyMs: 250,
        what: `${FRAMES} video frames, a key frame and sound in ${room}`,
      });
      const { frames, lost, delayMs } = video;
      const heard = audio.packets;
      return `${frames} frames, ${heard} audio packets, ${lost} lost, ${delayMs.toFixed(1)} ms on the way`;
    } finally {
      viewer.close();
    }
  } finally {
    publisher.close();
  }
}

async function postOffer(
  url: string,
  token: string,
  offer: string,
): Promise<{ answer: string; location: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
    body: offer,
  });
  const answer = await response.text();
  assert.equal(response.status, 201, `POST ${url}: ${answer}`);
  return { answer, location: response.headers.get('location') ?? '' };
}
