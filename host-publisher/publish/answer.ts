import { HostError } from '../host-error.ts';
import { PLAYOUT_DELAY_URI, TRANSPORT_CC_URI } from './offer.ts';
import type { Outgoing } from './rtp/rtp-packet.ts';

/** The picture waits so long for its sound, which players buffer; without sound it does not wait. */
export const MOST_WAIT_FOR_SOUND_MS = 30;

/** What a server's answer says. */
export interface Answer {
  readonly video: Outgoing;
  /** null: refused, or not offered. */
  readonly audio: Outgoing | null;
  readonly iceLite: boolean;
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly setup: 'active' | 'passive';
  readonly candidates: readonly string[];
}

interface Section {
  readonly kind: string;
  readonly port: number;
  readonly lines: readonly string[];
}

/** Reads an answer to {@link writeOffer}; fails with a sentence when nothing can be sent to it. */
export function readAnswer(sdp: string, codec: 'H264' | 'VP8'): Answer {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  const sections = splitSections(lines);
  const audio = accept(sections, 'audio', 'opus');
  const video = accept(sections, 'video', codec, audio === null ? 0 : MOST_WAIT_FOR_SOUND_MS);
  if (video === null) throw new HostError('refused', `The server does not take ${codec} video.`);
  const setup = find(lines, /^a=setup:(active|passive)$/);
  return {
    video,
    audio,
    iceLite: lines.includes('a=ice-lite'),
    ufrag: require(lines, /^a=ice-ufrag:([A-Za-z0-9+/=_-]{4,256})$/, 'ICE user name'),
    pwd: require(lines, /^a=ice-pwd:([A-Za-z0-9+/=_-]{22,256})$/, 'ICE password'),
    fingerprint: require(lines, /^a=fingerprint:(sha-256 (?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})$/i, 'fingerprint'),
    setup: setup === 'active' ? 'active' : 'passive',
    candidates: [...new Set(lines.filter((line) => /^a=candidate:\S+ \d+ udp /i.test(line)))],
  };
}

function splitSections(lines: readonly string[]): readonly Section[] {
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  return starts.map((start, index) => {
    const [kind = '', port = '0'] = (lines[start] ?? '').slice(2).split(' ');
    return { kind, port: Number(port), lines: lines.slice(start, starts[index + 1]) };
  });
}

function accept(
  sections: readonly Section[],
  kind: string,
  codec: string,
  mostMs = 0,
): Outgoing | null {
  const section = sections.find((one) => one.kind === kind);
  if (section === undefined || section.port === 0 || section.lines.includes('a=inactive'))
    return null;
  const type = find(section.lines, new RegExp(`^a=rtpmap:(\\d{1,3}) ${codec}/`, 'i'));
  if (type === null || Number(type) > 127) return null;
  const delayId = extensionId(section, PLAYOUT_DELAY_URI);
  return {
    payloadType: Number(type),
    transportCcId: extensionId(section, TRANSPORT_CC_URI),
    playoutDelay: delayId === null ? null : { id: delayId, mostMs },
  };
}

function extensionId({ lines }: Section, uri: string): number | null {
  const found = lines
    .map((line) => /^a=extmap:(\d{1,2})(?:\/\w+)? (\S+)/.exec(line))
    .find((match) => match?.[2] === uri)?.[1];
  const id = Number(found ?? 0);
  return id >= 1 && id <= 14 ? id : null;
}

function find(lines: readonly string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const match = pattern.exec(line)?.[1];
    if (match !== undefined) return match;
  }
  return null;
}

function require(lines: readonly string[], pattern: RegExp, what: string): string {
  const value = find(lines, pattern);
  if (value === null) throw new HostError('gateway', `The server's answer has no usable ${what}.`);
  return value;
}
