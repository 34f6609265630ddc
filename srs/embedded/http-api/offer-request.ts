import type { CodecChoice, MediaKind } from '../media.ts';
import type { SessionRequest } from '../sessions.ts';
import { SrsError } from '../srs-error.ts';
import { streamName } from '../stream-name.ts';
import { clientAddress } from './client-address.ts';
import type { ApiRequest } from './api-request.ts';

const CODECS: ReadonlyMap<string, CodecChoice> = new Map([
  ['h264', 'h264'],
  ['vp8', 'vp8'],
  ['vp9', 'vp9'],
  ['av1', 'av1'],
]);

/** @throws SrsError for what SRS refuses before it looks at streams or asks a hook. */
export function toSessionRequest(request: ApiRequest, sdp: string): SessionRequest {
  const value = (name: string): string => request.query.get(name) ?? '';
  assertLength('ice-ufrag', value('ice-ufrag'), 4);
  assertLength('ice-pwd', value('ice-pwd'), 22);
  if (sdp === '') throw new SrsError(5043, 'no offer');
  if (!/^v=0\s/.test(sdp)) throw new SrsError(5012, 'not an SDP');
  if (!/^m=/m.test(sdp)) throw new SrsError(5018, 'no media descriptions');
  return {
    offer: {
      kind: kindOf(request.path, value('action')),
      sdp,
      codec: codecOf(value('vcodec') || value('codec')),
      extraCandidates: extraCandidates(value('eip') || value('candidate')),
    },
    name: streamName(value('app'), value('stream')),
    param: request.rawQuery,
    ip: clientAddress(request.http),
    isWaiting: () => !request.http.socket.destroyed,
  };
}

/** The path decides only when it ends in a play name; else any action but `publish` plays. */
function kindOf(path: string, action: string): MediaKind {
  if (path.endsWith('/whep/') || path.endsWith('/whip-play/')) return 'play';
  return action === '' || action === 'publish' ? 'publish' : 'play';
}

function codecOf(wish: string): CodecChoice {
  const codec = wish.toLowerCase();
  if (codec === 'hevc') throw new SrsError(5018, 'HEVC is not served');
  return CODECS.get(codec) ?? 'auto';
}

function extraCandidates(text: string): SessionRequest['offer']['extraCandidates'] {
  if (text === '') return [];
  // The address goes into the answer: only what can be an address or a name may pass.
  const match = /^(\[[0-9a-f:.]+\]|[0-9A-Za-z.-]{1,253})(?::(\d{1,5}))?$/i.exec(text);
  const address = match?.[1]?.replace(/[[\]]/g, '');
  if (address === undefined) return [];
  return [match?.[2] === undefined ? { address } : { address, port: Number(match[2]) }];
}

/** The media side makes its own ICE credentials; SRS's limits on presets still hold. */
function assertLength(name: string, value: string, least: number): void {
  if (value === '' || (value.length >= least && value.length <= 32)) return;
  throw new SrsError(5037, `${name} must have ${least} to 32 characters`);
}
