import { randomBytes } from 'node:crypto';
import { readDescription, valuesOf, type Section } from '../../../conformance/description.ts';
import { Refusal } from './message.ts';

/** What is published in the model's only room. */
export interface Published {
  readonly audio: boolean;
}

/** Refuses what the texts want refused. @throws Refusal */
export function checkOffer(offer: string, kind: 'publish' | 'watch'): void {
  if (!offer.startsWith('v=0\r\n') || !offer.includes('\r\nm=')) {
    throw new Refusal(400, 'The body is no SDP offer.');
  }
  const { sections } = readDescription(offer);
  const media = sections.filter(({ kind: name }) => name !== 'application');
  const wanted = kind === 'publish' ? ['sendonly', 'sendrecv'] : ['recvonly', 'sendrecv'];
  const streams = new Set(media.flatMap(({ lines }) => valuesOf(lines, 'a=msid:').map(firstWord)));
  const refused =
    media.some(({ direction }) => !wanted.includes(direction)) ||
    media.some(({ lines }) => lines.includes('a=setup:holdconn')) ||
    media.some(({ lines }) => !lines.some((line) => /^a=rtpmap:\d+ (?:opus|H264)\//i.test(line))) ||
    media.filter(({ kind: name }) => name === 'video').length > 1 ||
    streams.size > 1 ||
    offer.includes('\r\na=simulcast:');
  if (refused) throw new Refusal(422, 'The offer cannot be served.');
}

/** An answer that no media server stands behind, but that is right to the last line. */
export function answerTo(offer: string, published: Published | null): string {
  const { sections } = readDescription(offer);
  const serves = ({ kind }: Section): boolean =>
    kind === 'video' || (kind === 'audio' && published?.audio !== false);
  const bundled = sections.filter(serves).map(({ mid }) => mid);
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
    ...sections.flatMap((section) =>
      serves(section) ? accepted(section, published !== null) : rejected(section),
    ),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function accepted({ kind, mid, lines }: Section, sends: boolean): string[] {
  const codec = kind === 'audio' ? /^a=rtpmap:(\d+) (opus\/.*)$/i : /^a=rtpmap:(\d+) (H264\/.*)$/;
  const [, type = '0', name = ''] = lines.map((line) => codec.exec(line)).find(Boolean) ?? [];
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${type}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    sends ? 'a=sendonly' : 'a=recvonly',
    'a=rtcp-mux',
    `a=rtpmap:${type} ${name}`,
    `a=setup:${lines.includes('a=setup:passive') ? 'active' : 'passive'}`,
    `a=ice-ufrag:${randomBytes(6).toString('hex')}`,
    `a=ice-pwd:${randomBytes(16).toString('hex')}`,
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '20').join(':')}`,
    ...(sends ? [`a=msid:the-stream ${kind}`] : []),
    'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host',
    'a=end-of-candidates',
  ];
}

function rejected({ lines, mid }: Section): string[] {
  const [media = '', , ...rest] = (lines[0] ?? '').split(' ');
  return [`${media} 0 ${rest.join(' ')}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}

const firstWord = (text: string): string => text.split(' ', 1)[0] ?? '';
