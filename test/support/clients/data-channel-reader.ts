import type { ClientSession, Destination } from './client-session.ts';

/**
 * Plays as MediaMTX's browser reader does on the wire: OPTIONS first, video before audio, a data
 * channel, one PATCH with `If-Match: *` for each candidate of each m-line, a token on OPTIONS and POST
 * alone. Anything but 204 to a PATCH, and any Link that is no ICE server, ends the session.
 */
export async function readWithDataChannel(
  { url, token }: Destination,
  video: HTMLVideoElement,
): Promise<ClientSession> {
  const authorization = `Bearer ${token}`;
  const options = await fetch(url, { method: 'OPTIONS', headers: { authorization } });
  const links = options.headers.get('link')?.split(', ') ?? [];
  if (links.some((link) => !/^<.+?>; rel="ice-server"/.test(link))) throw new Error('alien Link');

  const peer = new RTCPeerConnection({ bundlePolicy: 'balanced' });
  peer.ontrack = ({ streams }) => (video.srcObject = streams[0] ?? null);
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.createDataChannel('');
  const candidates: RTCIceCandidate[] = [];
  let send = (candidate: RTCIceCandidate): void => void candidates.push(candidate);
  peer.onicecandidate = ({ candidate }) => {
    if (candidate !== null) send(candidate);
  };
  const offer = await peer.createOffer();
  await peer.setLocalDescription(offer);
  const sdp = offer.sdp ?? '';

  const reply = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/sdp' },
    body: sdp,
  });
  if (reply.status !== 201) throw new Error(`bad status code ${reply.status}`);
  const session = new URL(reply.headers.get('location') ?? '', url);
  const stop = async (): Promise<void> => {
    peer.close();
    video.srcObject = null;
    await fetch(session, { method: 'DELETE' });
  };
  await peer.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
  const [ufrag, pwd] = [/a=ice-ufrag:.*\r\n/, /a=ice-pwd:.*\r\n/].map(
    (line) => line.exec(sdp)?.[0],
  );
  const heads = sdp.match(/^m=.*$/gm) ?? [];
  send = ({ candidate, sdpMLineIndex }) => {
    const index = sdpMLineIndex ?? 0;
    const media = `${heads[index]}\r\na=mid:${index}\r\na=${candidate}\r\n`;
    const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' };
    void fetch(session, { method: 'PATCH', headers, body: `${ufrag}${pwd}${media}` }).then(
      ({ status }) => (status === 204 ? undefined : stop()),
    );
  };
  for (const candidate of candidates.splice(0)) send(candidate);
  return { stop };
}
