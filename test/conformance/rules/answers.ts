import { candidatesOf, readDescription, valuesOf, type Description } from '../description.ts';
import type { Findings } from '../findings.ts';
import { isSuccess } from '../http-client.ts';
import { videoFirst } from '../offers.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import { postValid } from './creating.ts';

/** What stands in the SDP answer. */
export const answerRules = rulesOf('WHIP', [
  ['07', 'MUST', '§4.2', 'Every accepted m-line is answered recvonly', oneDirection],
  ['12', 'MUST', '§4.4.1', 'One BUNDLE group of all accepted m-lines, each with rtcp-mux', bundle],
  ['13', 'MUST', '§4.4.1', 'An offer without rtcp-mux-only is taken', withoutMuxOnly],
  [
    '14',
    'MUST',
    'RFC 9429 §5.3.1',
    'The answer has the m-lines of the offer, in order',
    sameSections,
  ],
  ['17', 'MUST', '§4.3.2', 'The answer holds the candidates of the media server', candidates],
  ['18', 'MAY', '§4.4.5', 'ice-lite, if used, stands at session level', iceLite],
]);

export async function oneDirection({ server, seen, kind }: Given): Promise<void> {
  const wanted = kind === 'publish' ? 'recvonly' : 'sendonly';
  for (const { mid, direction, accepted } of (await answered({ server, seen, kind })).sections) {
    seen.must(!accepted || direction === wanted, `m-line ${mid} is ${direction}, not ${wanted}`);
  }
}

export async function bundle({ server, seen, kind }: Given): Promise<void> {
  const { sections, bundles } = await answered({ server, seen, kind });
  const accepted = sections.filter((section) => section.accepted);
  seen.must(bundles.length === 1, `the answer has ${bundles.length} BUNDLE groups`);
  const named = bundles[0] ?? [];
  for (const { mid, lines } of accepted) {
    seen.must(bundles.length !== 1 || named.includes(mid), `mid ${mid} is not in the BUNDLE group`);
    seen.must(lines.includes('a=rtcp-mux'), `m-line ${mid} has no a=rtcp-mux`);
  }
  for (const mid of named) {
    const ofAccepted = accepted.some((section) => section.mid === mid);
    seen.must(ofAccepted, `the BUNDLE group names ${mid}, which is no accepted m-line`);
  }
}

async function withoutMuxOnly({ server, seen, kind }: Given): Promise<void> {
  const { reply } = await server.sample(kind);
  if (isSuccess(reply)) return;
  seen.must(!/rtcp-mux-only/i.test(reply.body), 'the refusal speaks of rtcp-mux-only');
  throw new NotApplicable(`no session: POST was answered ${reply.status}`);
}

export async function sameSections(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const { session } = await server.sample(kind);
  if (session === null) throw new NotApplicable('no session');
  compare(seen, session.offer, session.answer, 'audio first');
  const offer = videoFirst(kind);
  const reply = await postValid(given, { offer });
  seen.must(isSuccess(reply), `an offer with video first was answered ${reply.status}`);
  if (isSuccess(reply)) compare(seen, offer, readDescription(reply.body), 'video first');
}

export async function candidates({ server, seen, kind }: Given): Promise<void> {
  const found = candidatesOf(await answered({ server, seen, kind }));
  seen.must(found.length > 0, 'the answer has no candidate, and none may come later');
  const form = /^\S{1,32} \d{1,3} \S+ \d+ \S+ \d{1,5} typ \S+/;
  for (const candidate of found) {
    seen.must(form.test(candidate), `a candidate is malformed: ${candidate}`);
  }
  if (found.length === 0) return;
  const host = found.some((candidate) => /^\S+ 1 udp .* typ host/i.test(candidate));
  seen.policy(host, 'no candidate is "udp … typ host": FFmpeg uses nothing else');
}

async function iceLite({ server, seen, kind }: Given): Promise<void> {
  const { sections } = await answered({ server, seen, kind });
  for (const { mid, lines } of sections) {
    seen.must(!lines.includes('a=ice-lite'), `a=ice-lite stands in m-line ${mid} (RFC 8839 §5.3)`);
  }
}

/** One MediaStream in all accepted m-lines of what a viewer is sent. */
export async function oneStream(given: Given): Promise<void> {
  const { seen } = given;
  const { sections } = await answered(given);
  const accepted = sections.filter((section) => section.accepted);
  const streams = new Set<string>();
  for (const { mid, lines } of accepted) {
    const ids = valuesOf(lines, 'a=msid:').map((value) => value.split(' ', 1)[0] ?? '');
    seen.must(ids.length > 0, `m-line ${mid} has no a=msid`);
    for (const id of ids) streams.add(id);
  }
  seen.must(streams.size <= 1, `the m-lines are of ${streams.size} MediaStreams`);
}

export function compare(seen: Findings, offer: string, answer: Description, name: string): void {
  const nameOf = ({ kind, mid }: { kind: string; mid: string }): string => `${kind}/${mid}`;
  const offered = readDescription(offer).sections.map(nameOf);
  const given = answer.sections.map(nameOf);
  seen.must(
    offered.join(' ') === given.join(' '),
    `${name}: offered ${offered.join(', ')}, answered ${given.join(', ') || 'nothing'}`,
  );
}

async function answered({ server, kind }: Given): Promise<Description> {
  const { session, answer, reply } = await server.sample(kind);
  if (session === null) throw new NotApplicable(`no session: POST was answered ${reply.status}`);
  return answer;
}
