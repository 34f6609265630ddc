import type { ProblemCode } from '../../gateway/protocol/problem.ts';

/** Ways to fail that the browser notices itself, beside those the gateway names. */
export type LocalCode =
  | 'network' // no answer over HTTP
  | 'udp-blocked' // signalling worked, ICE did not
  | 'connection-lost' // ICE or DTLS ended after it had worked
  | 'session-gone' // the session URL answers 404
  | 'removed' // an admin ended the session
  | 'replaced' // the same person publishes from elsewhere
  | 'sender-left' // who sent directly said goodbye
  | 'host-left' // the host of a direct session said goodbye
  | 'dismissed' // the server closed a WebSocket for good; `detail` is its sentence
  | 'no-media' // connected, the source is live, nothing arrives
  | 'answer-rejected'; // the browser does not take the answer

/** Why a session did not start or did not last. */
export interface SessionProblem {
  readonly code: ProblemCode | LocalCode;
  /** HTTP status, or null when there was none. */
  readonly status: number | null;
  /** What the server or the browser said; for experts, may be empty. */
  readonly detail: string;
  readonly retryAfterMs: number | null;
  /** No WebRTC for want of a publisher, but the source is published by WebSocket. */
  readonly byWebSocket?: boolean;
}

/** What a client comes to whose connection does not work. `retryAtMs` since 1970; null: it is tried now. */
export type NotWorking =
  | {
      readonly kind: 'reconnecting';
      readonly problem: SessionProblem;
      readonly retryAtMs: number | null;
    }
  | { readonly kind: 'failed'; readonly problem: SessionProblem }
  | { readonly kind: 'stopped' };

/** Whether the reader is sending or receiving. */
export type Side = 'publish' | 'watch';

/** A {@link SessionProblem} on its way up the stack. */
export class SessionError extends Error {
  readonly problem: SessionProblem;

  constructor(problem: SessionProblem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.detail}`, options);
    this.name = 'SessionError';
    this.problem = problem;
  }
}

/** A problem that the browser noticed itself. */
export function localProblem(code: SessionProblem['code'], detail = ''): SessionProblem {
  return { code, status: null, detail, retryAfterMs: null };
}

/** Why a session URL answers 404, as far as the server still knows. */
export async function readEnding(response: Response): Promise<SessionProblem> {
  const { reason, detail } = await readBody(response);
  return {
    code: (typeof reason === 'string' ? endings[reason] : undefined) ?? 'session-gone',
    status: response.status,
    detail: typeof detail === 'string' ? detail : '',
    retryAfterMs: null,
  };
}

/** Ends that nobody should come back from by himself. */
const endings: Partial<Record<string, SessionProblem['code']>> = {
  kicked: 'removed',
  replaced: 'replaced',
  expired: 'token-expired',
  revoked: 'token-revoked',
};

/** Reads any failed response; a proxy's HTML page becomes the code that its status suggests. */
export async function readProblem(
  response: Response,
  side: Side,
  nowMs = Date.now(),
): Promise<SessionProblem> {
  const body = await readBody(response);
  return {
    code: isKnownCode(body.code) ? body.code : codeOfStatus(response.status, side),
    status: response.status,
    detail: typeof body.detail === 'string' ? body.detail : '',
    retryAfterMs: parseRetryAfterMs(response.headers.get('Retry-After'), nowMs),
    ...(isByWebSocket(body.transports) ? { byWebSocket: true } : {}),
  };
}

/** RFC 9110 §10.2.3: whole seconds or an HTTP date; null when absent or unreadable. */
export function parseRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}

/** One or two plain sentences for the person in front of the page. */
export function explainProblem(problem: SessionProblem, side: Side): string {
  if (problem.code === 'dismissed' && problem.detail !== '') return problem.detail;
  return (side === 'watch' ? watchWords[problem.code] : undefined) ?? words[problem.code];
}

async function readBody(
  response: Response,
): Promise<Partial<Record<'code' | 'detail' | 'reason' | 'transports', unknown>>> {
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return {};
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? body : {};
}

const isByWebSocket = (transports: unknown): boolean =>
  Array.isArray(transports) && transports.includes('websocket');

function isKnownCode(code: unknown): code is SessionProblem['code'] {
  return typeof code === 'string' && Object.hasOwn(words, code);
}

function codeOfStatus(status: number, side: Side): ProblemCode {
  if (status === 401) return 'token-invalid';
  if (status === 403) return 'scope-insufficient';
  if (status === 404) return 'not-found';
  if (status === 409) return side === 'watch' ? 'no-publisher' : 'source-busy';
  if (status === 422) return 'offer-unacceptable';
  if (status === 429) return 'rate-limited';
  if (status === 502) return 'upstream-rejected';
  if (status === 503 || status === 504) return 'node-unavailable';
  return status >= 500 ? 'internal' : 'bad-request';
}

const tooOld = 'The server did not accept this request. Reload the page and try again.';
const codecs = 'This browser and the server share no video format. Another browser may work.';

const words: Record<SessionProblem['code'], string> = {
  'bad-request': tooOld,
  'sdp-malformed': tooOld,
  'authorization-malformed': tooOld,
  'token-missing': 'This link carries no token. Ask for a new link.',
  'token-invalid': 'This link is not valid. Ask for a new link.',
  'token-expired': 'This link has expired. Ask for a new link.',
  'token-revoked': 'This link was taken back. Ask for a new link.',
  'login-missing': 'This page needs a login, or a link with a token.',
  'login-invalid': 'User or password is wrong.',
  'login-expired': 'Your login is over. Log in again.',
  'password-invalid': 'Name or password is wrong.',
  'csrf-invalid': 'Your login has changed in another window. Reload the page.',
  'name-taken': 'There is an account of this name already.',
  'node-busy': 'The media server still has sessions.',
  'docker-off': 'The gateway does not look after containers.',
  'docker-busy': 'Something else is being done to containers. Try again in a moment.',
  'docker-refused': 'Docker refused this.',
  'docker-unavailable': 'Docker cannot be reached.',
  'last-admin': 'This is the last account that can administer everything.',
  'invitation-invalid': 'This invitation is used up, over or taken back. Ask for a new one.',
  'scope-insufficient': 'This link does not allow sharing in this room. Ask for the right link.',
  'https-required': 'The server is to be reached by https only. Open the page by https.',
  'origin-forbidden': 'This site is not allowed to use the server.',
  'not-found': 'The server does not know this address.',
  'session-not-found': 'The session has ended.',
  'recording-not-found': 'There is no such recording, or no longer.',
  'recording-running': 'This room is being recorded already.',
  'recording-off': 'Recording is switched off here.',
  'range-not-satisfiable': 'The recording is shorter than that.',
  'storage-full': 'There is no room left for recordings.',
  'method-not-allowed': tooOld,
  'method-unknown': tooOld,
  'upgrade-required': tooOld,
  'host-refused': 'The shared machine refused this.',
  'control-refused': 'That is not possible now.',
  'host-away': 'The shared machine is away.',
  'host-silent': 'The shared machine did not answer.',
  'source-busy': 'Someone else is already sharing in this room.',
  'no-publisher': 'Nobody is sharing in this room yet.',
  'precondition-failed': tooOld,
  'body-too-large': tooOld,
  'media-type-unsupported': tooOld,
  'offer-unacceptable': codecs,
  'codec-unsupported': codecs,
  'simulcast-unsupported': codecs,
  'layer-unavailable': 'This quality is not sent now.',
  'ice-restart-unsupported': tooOld,
  'precondition-required': tooOld,
  'too-many-sessions': 'You have too many sessions. End one and try again.',
  'headers-too-large': tooOld,
  'rate-limited': 'Too many attempts in a short time.',
  internal: 'The server had an error.',
  'upstream-rejected': 'The media server refused the stream.',
  'node-unavailable': 'The media server cannot be reached.',
  'keys-unavailable': 'The server cannot check this link now.',
  'home-unknown': 'The servers cannot find each other now.',
  'home-away': 'A server went away.',
  capacity: 'The server is full.',
  'shutting-down': 'The server is restarting.',
  network: 'The server cannot be reached.',
  'udp-blocked':
    'The server answers, but no media gets through. The network probably blocks UDP: try another network, or turn off a VPN.',
  'connection-lost': 'The connection was lost.',
  'session-gone': 'The session ended on the server.',
  removed: 'You were removed from this room.',
  replaced: 'You are sharing from another page now, so this one has stopped.',
  'sender-left': 'Who sent the picture has left.',
  'host-left': 'The host has left.',
  dismissed: 'The server has ended this.',
  'no-media': 'Connected, but no picture arrives.',
  'answer-rejected': codecs,
};

const watchWords: Partial<Record<SessionProblem['code'], string>> = {
  'scope-insufficient': 'This link is not valid for this room. Ask for the right link.',
};
