import type { BrowserPort } from '../browser-port.ts';

/** What came of asking one STUN or TURN server for a candidate. */
export interface ServerOutcome {
  /** Without credentials. */
  readonly url: string;
  readonly kind: 'answered' | 'login-refused' | 'silent' | 'refused';
  /** What the browser says of a failure, e.g. `701`. */
  readonly code: number | null;
  readonly tookMs: number;
}

/** Chromium asks a TURN server for 9.5 s. */
const GATHER_MS = 10_500;
/** RFC 8489 §14.8. */
const UNAUTHORIZED = 401;
/** W3C: no host candidate could reach the server. */
const UNREACHABLE = 701;

/** Gathers from one server alone: a relay candidate for TURN, an address of ours for STUN; never throws. */
export async function tryServer(
  port: BrowserPort,
  url: string,
  login: Pick<RTCIceServer, 'username' | 'credential'>,
): Promise<ServerOutcome> {
  const begin = performance.now();
  const end = (kind: ServerOutcome['kind'], code: number | null): ServerOutcome => ({
    ...{ url, kind, code },
    tookMs: Math.round(performance.now() - begin),
  });
  const isTurn = /^turns?:/i.test(url);
  let pc: RTCPeerConnection;
  try {
    pc = port.createPeerConnection({
      iceServers: [{ urls: [url], ...(isTurn ? login : {}) }],
      ...(isTurn ? { iceTransportPolicy: 'relay' } : {}),
    });
  } catch {
    return end('refused', null);
  }
  try {
    const answer = gather(pc, isTurn ? 'relay' : 'srflx');
    pc.createDataChannel('trial');
    await pc.setLocalDescription();
    const { hasCandidate, code } = await answer;
    // A machine with a public address has none beside it.
    if (hasCandidate || (!isTurn && code === null)) return end('answered', null);
    if (code === UNAUTHORIZED) return end('login-refused', code);
    return end(code === null || code === UNREACHABLE ? 'silent' : 'refused', code);
  } catch {
    return end('refused', null);
  } finally {
    pc.close();
  }
}

interface Gathered {
  readonly hasCandidate: boolean;
  /** Of the last failure; a refused login goes before all others. */
  readonly code: number | null;
}

async function gather(pc: RTCPeerConnection, type: RTCIceCandidateType): Promise<Gathered> {
  const { promise, resolve } = Promise.withResolvers<Gathered>();
  let code: number | null = null;
  const timer = setTimeout(
    () => resolve({ hasCandidate: false, code: code ?? UNREACHABLE }),
    GATHER_MS,
  );
  pc.onicecandidate = ({ candidate }) => {
    if (candidate === null) resolve({ hasCandidate: false, code });
    else if (candidate.type === type) resolve({ hasCandidate: true, code: null });
  };
  pc.onicecandidateerror = ({ errorCode }) => {
    if (code !== UNAUTHORIZED) code = errorCode;
    if (code === UNAUTHORIZED) resolve({ hasCandidate: false, code });
  };
  return await promise.finally(() => clearTimeout(timer));
}
