import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readDescription, type Section } from '../description.ts';
import type { Findings } from '../findings.ts';
import { header, isRefusal, isSuccess, mediaType } from '../http-client.ts';
import { chromium, fresh } from '../offers.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import { bundle, candidates, compare, oneDirection, oneStream, sameSections } from './answers.ts';
import { created, location, postValid, strongEtag } from './creating.ts';
import { directions } from './offers.ts';

/** Joining as a viewer. Without a publisher first: the other rules bring one. */
export const whepCreatingRules = rulesOf(
  'WHEP',
  [
    [
      '04',
      'MUST',
      '§4.2.8',
      'Without a publisher: 409 with Retry-After, or the viewer may wait',
      noPublisher,
    ],
    ['05', 'policy', '§4.2', 'A stream that there cannot be is not found', unknownStream],
    [
      '01',
      'MUST',
      '§4.2.1',
      'A valid offer is answered 201, SDP and Location; media flows',
      all(created, location, strongEtag),
    ],
    ['02', 'MUST', '§4.2.5', 'Every accepted m-line is answered sendonly', oneDirection],
    [
      '03',
      'MUST',
      '§4.2.5',
      'sendrecv is answered sendonly; sendonly and inactive are refused',
      directions,
    ],
    ['07', 'MUST', '§4.2.2', 'An SDP PATCH without a counter-offer is refused', unaskedAnswer],
    ['08', 'policy', 'draft-murillo-whep', 'An empty POST, the old flow, is refused', emptyPost],
    ['09', 'SHOULD', '§4.2.6', 'Long offers with many codecs are taken', longOffer],
    [
      '10',
      'MUST',
      '§4.5.1',
      'One BUNDLE group, rtcp-mux, and candidates in the answer',
      all(bundle, candidates),
    ],
    ['11', 'MUST', '§4.5.2', 'The answer is of one MediaStream, named in every m-line', oneStream],
    [
      '12',
      'policy',
      'RFC 9429 §5.3.1',
      'What the publisher does not send is rejected in its place',
      missingAudio,
    ],
    ['13', 'policy', 'RFC 9429 §5.3.1', 'A data channel is rejected in its place', dataChannel],
    [
      '14',
      'policy',
      'RFC 9429 §5.3.1',
      'Audio first and video first are answered in that order',
      sameSections,
    ],
  ],
  'WHEP-03',
);

/** Several checks as one. */
export function all(...checks: readonly ((given: Given) => Promise<void>)[]) {
  return async (given: Given): Promise<void> => {
    for (const check of checks) await check(given);
  };
}

async function noPublisher({ server, seen, kind }: Given): Promise<void> {
  if (!server.has('publish')) throw new NotApplicable('no WHIP URL: somebody may publish');
  await server.publisher.stop();
  let reply = await server.post(kind, { once: true });
  // A publisher that has just gone may still count.
  for (let times = 0; times < 5 && isSuccess(reply); times += 1) {
    await delay(100);
    reply = await server.post(kind, { once: true });
  }
  if (isSuccess(reply)) return;
  seen.must(reply.status === 409, `it was answered ${reply.status}, 409 wanted`);
  if (reply.status !== 409) return;
  const after = header(reply, 'retry-after') ?? '';
  seen.must(/^\d+$/.test(after) || !Number.isNaN(Date.parse(after)), 'the 409 has no Retry-After');
}

async function unknownStream({ server, seen, kind }: Given): Promise<void> {
  const url = new URL(server.endpoint(kind).url);
  if (url.search !== '') throw new NotApplicable('the stream is named in the query');
  // Neither a letter, a digit nor a dash: no name rule that is known allows it.
  url.pathname = `${url.pathname.replace(/\/?$/, '')}/%24${randomUUID()}`;
  const { status } = await server.post(kind, { url: url.href, once: true });
  if (status === 401 || status === 403) throw new NotApplicable(`${status}: not for this token`);
  seen.policy(status === 404, `it was answered ${status}, 404 wanted`);
}

async function counterOffer({ server, seen, kind }: Given): Promise<void> {
  await server.sample(kind);
  for (const { reply, about } of server.http.exchanges) {
    if (reply.status !== 406 || about !== `${kind} endpoint`) continue;
    const offer = mediaType(reply) === 'application/sdp' && reply.body.startsWith('v=0');
    const whole = offer && header(reply, 'location') !== undefined;
    seen.must(whole, 'a 406 is no counter-offer: it has no SDP or no Location');
    seen.policy(false, 'a POST was answered 406: some players take it for something else');
  }
}

async function unaskedAnswer({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  const reply = await session.patch({ type: 'application/sdp', body: chromium(kind) });
  seen.must(isRefusal(reply), `it was answered ${reply.status}, 4xx wanted`);
  if (!isRefusal(reply)) return;
  seen.policy([415, 422].includes(reply.status), `it was answered ${reply.status}, 422 wanted`);
}

async function emptyPost({ server, seen, kind }: Given): Promise<void> {
  for (const type of ['application/sdp', null]) {
    const reply = await server.post(kind, { body: '', type });
    const refused = [400, 415, 422].includes(reply.status);
    const name = type ?? 'no type';
    seen.policy(refused, `an empty POST (${name}) was answered ${reply.status}, 422 wanted`);
    seen.policy(
      !refused || reply.body !== '',
      `the refusal of an empty POST (${name}) says nothing`,
    );
  }
}

async function longOffer(given: Given): Promise<void> {
  const offer = chromium('watch');
  const reply = await postValid(given, { offer });
  const size = Buffer.byteLength(offer);
  given.seen.should(isSuccess(reply), `an offer of ${size} bytes was answered ${reply.status}`);
}

async function missingAudio({ server, seen, kind }: Given): Promise<void> {
  if (!server.has('publish')) throw new NotApplicable('no WHIP URL to publish video alone');
  await server.publisher.ensure({ audio: false });
  // Not through post(): that would bring audio and video back.
  const offer = chromium(kind);
  const reply = await server.post(kind, { offer, once: true });
  await server.publisher.stop();
  seen.policy(isSuccess(reply), `video alone under an audio and video player: ${reply.status}`);
  if (!isSuccess(reply)) return;
  const answer = readDescription(reply.body);
  compare(seen, offer, answer, 'video alone');
  judgeRejected(seen, answer.sections[0], answer.bundles[0] ?? []);
}

async function dataChannel(given: Given): Promise<void> {
  const offer = fresh('mediamtx-watch');
  const reply = await postValid(given, { offer });
  given.seen.policy(isSuccess(reply), `an offer with a data channel was answered ${reply.status}`);
  if (!isSuccess(reply)) return;
  const answer = readDescription(reply.body);
  compare(given.seen, offer, answer, 'with a data channel');
  const [bundled = []] = answer.bundles;
  judgeRejected(given.seen, answer.sections.at(-1), bundled);
}

/** Rejected in its place, or kept without anything to send. */
function judgeRejected(
  seen: Findings,
  section: Section | undefined,
  bundled: readonly string[],
): void {
  if (section === undefined || section.accepted) return;
  seen.policy(
    !bundled.includes(section.mid),
    `the rejected m-line ${section.mid} is in the BUNDLE group`,
  );
}

/** What only the whole run can show. */
export const whepRunRules = rulesOf(
  'WHEP',
  [
    [
      '06',
      'MUST',
      '§4.2.2',
      'A 406 is a counter-offer with SDP and Location, or never sent',
      counterOffer,
    ],
  ],
  'WHEP-03',
);

/** HEAD finds out whether WHEP is spoken (editor's copy). */
export async function discovery({ server, seen, kind }: Given): Promise<void> {
  for (const method of ['HEAD', 'GET']) {
    const reply = await server.ask(kind, method, { anonymous: true });
    seen.should(reply.status === 200, `${method} was answered ${reply.status}, 200 wanted`);
    if (!isSuccess(reply)) continue;
    const type = mediaType(reply);
    seen.should(
      type === 'application/sdp',
      `${method} is of type ${type || 'none'}, not application/sdp`,
    );
    seen.should(reply.body === '', `${method} has content`);
  }
}
