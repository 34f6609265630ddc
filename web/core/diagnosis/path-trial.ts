import type { BrowserPort } from '../browser-port.ts';
import { localProblem, readProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';

/** What came of a real session with a media server that carries nothing. */
export type PathOutcome =
  | { readonly kind: 'connected'; readonly address: string | null }
  /** No ICE check was answered. */
  | { readonly kind: 'silent'; readonly addresses: readonly string[] }
  /** ICE got through, DTLS did not. */
  | { readonly kind: 'no-dtls'; readonly addresses: readonly string[] }
  /** The media server has no address of this transport. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly problem: SessionProblem };

export interface PathTrialOptions {
  /** Absolute URL that takes the offer. */
  readonly url: string;
  readonly token: string;
  readonly transport: 'udp' | 'tcp';
}

const REQUEST_MS = 15_000;
/** Browsers give up after some 15 s; who answers does so within one. */
const CONNECT_MS = 9_000;
const ANY_CANDIDATE = /^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) .*$/gim;

/** Connects to the media server by one transport alone, without STUN or TURN; never throws. */
export async function tryPath(port: BrowserPort, options: PathTrialOptions): Promise<PathOutcome> {
  const pc = port.createPeerConnection({ bundlePolicy: 'max-bundle' });
  let trialUrl: string | null = null;
  try {
    for (const kind of ['audio', 'video']) pc.addTransceiver(kind, { direction: 'recvonly' });
    await pc.setLocalDescription();
    const response = await port.fetch(options.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...authorization(options.token) },
      body: pc.localDescription?.sdp ?? '',
      cache: 'no-store',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    if (!response.ok) return { kind: 'refused', problem: await readProblem(response, 'watch') };
    const location = response.headers.get('Location');
    trialUrl = location === null ? null : new URL(location, options.url).href;
    const { sdp, addresses } = keepTransport(await response.text(), options.transport);
    if (addresses.length === 0) return { kind: 'none' };
    const end = waitForEnd(pc);
    await pc.setRemoteDescription({ type: 'answer', sdp });
    const ended = await end;
    if (ended !== 'connected') return { kind: ended, addresses };
    return { kind: 'connected', address: await remoteAddress(pc) };
  } catch (cause) {
    return { kind: 'refused', problem: localProblem('network', String(cause)) };
  } finally {
    pc.close();
    if (trialUrl !== null) void remove(port, trialUrl);
  }
}

/** The answer without candidates of the other transport, and those that stay as `address:port`. */
export function keepTransport(
  answer: string,
  transport: 'udp' | 'tcp',
): { readonly sdp: string; readonly addresses: readonly string[] } {
  const addresses: string[] = [];
  const sdp = answer.replace(ANY_CANDIDATE, (line, spoken: string, ip: string, number: string) => {
    if (spoken.toLowerCase() !== transport) return 'a=x-left-out';
    addresses.push(`${ip.includes(':') ? `[${ip}]` : ip}:${number}`);
    return line;
  });
  return { sdp, addresses: [...new Set(addresses)] };
}

async function waitForEnd(pc: RTCPeerConnection): Promise<'connected' | 'silent' | 'no-dtls'> {
  const { promise, resolve } = Promise.withResolvers<'connected' | 'silent' | 'no-dtls'>();
  let hasIce = false;
  const giveUp = () => resolve(hasIce ? 'no-dtls' : 'silent');
  const timer = setTimeout(giveUp, CONNECT_MS);
  pc.oniceconnectionstatechange = () => {
    hasIce ||= pc.iceConnectionState === 'connected' || pc.iceConnectionState === 'completed';
  };
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === 'connected') resolve('connected');
    if (pc.connectionState === 'failed') giveUp();
  };
  return await promise.finally(() => clearTimeout(timer));
}

async function remoteAddress(pc: RTCPeerConnection): Promise<string | null> {
  const report = await pc.getStats();
  const entries = [...report.values()] as Record<string, unknown>[];
  const transport = entries.find(({ type }) => type === 'transport');
  const pair = entries.find(({ id }) => id === transport?.['selectedCandidatePairId']);
  const remote = entries.find(({ id }) => id === pair?.['remoteCandidateId']);
  const { address, port } = remote ?? {};
  return typeof address === 'string' && typeof port === 'number' ? `${address}:${port}` : null;
}

async function remove(port: BrowserPort, url: string): Promise<void> {
  try {
    await port.fetch(url, { method: 'DELETE' });
  } catch {
    // It ends by itself.
  }
}

const authorization = (token: string): Record<string, string> =>
  token === '' ? {} : { Authorization: `Bearer ${token}` };
