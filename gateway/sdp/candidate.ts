import type { MediaDescription } from 'sdp-transform';
import type { Attributes } from './lines.ts';

/** One ICE candidate of a media server, in the form that the writer takes. */
export type Candidate = NonNullable<MediaDescription['candidates']>[number];

/** The well-formed host candidates of a section, without the noise behind the type. */
export function readCandidates(attributes: Attributes): Candidate[] {
  return (attributes.get('candidate') ?? []).flatMap((value) => toCandidate(value) ?? []);
}

/** WHIP-17: a client can reach it at once (FFmpeg looks for `udp … typ host`). */
export function isUsable({ transport, ip }: Candidate): boolean {
  return transport === 'udp' && !UNREACHABLE.has(ip);
}

function toCandidate(value: string): Candidate | null {
  const match =
    /^([A-Za-z0-9+/]{1,32}) 1 (udp|tcp) (\d{1,10}) ([A-Za-z0-9.:-]{1,253}) (\d{1,5}) typ host(?: |$)/i.exec(
      value,
    );
  const [, foundation, transport, priority, ip, port] = match ?? [];
  if (foundation === undefined || transport === undefined || ip === undefined) return null;
  if (!isPort(Number(port))) return null;
  const candidate = {
    foundation,
    component: 1,
    transport: transport.toLowerCase(),
    priority: Number(priority),
    ip,
    port: Number(port),
    type: 'host',
  };
  const tcptype = / tcptype (active|passive|so)(?: |$)/.exec(value)?.[1];
  return tcptype === undefined ? candidate : { ...candidate, tcptype };
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

const UNREACHABLE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
