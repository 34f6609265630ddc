import { readDescription } from '../description.ts';
import { isRefusal, isSuccess } from '../http-client.ts';
import {
  fresh,
  withDirection,
  withoutStreamIds,
  withSetup,
  withTwoStreams,
  withTwoVideos,
  withUnknownVideoCodec,
} from '../offers.ts';
import { rulesOf, type Given } from '../rule.ts';
import { postValid } from './creating.ts';

/** Which offers are taken and which are refused. */
export const offerRules = rulesOf('WHIP', [
  [
    '08',
    'MUST',
    '§4.2',
    'sendrecv is answered recvonly; recvonly and inactive are refused',
    directions,
  ],
  [
    '09',
    'SHOULD',
    '§4.4.3',
    'An offer with an m-line that cannot be served is refused whole',
    unservable,
  ],
  ['10', 'MUST', '§4.4.2', 'Two videos or two streams are refused, or both are taken', twoOfAKind],
  ['11', 'policy', '§4.4.2', 'Offers without msid are taken', noStreamIds],
  [
    '15',
    'SHOULD',
    '§4.4.4',
    'actpass is answered passive or active, active is answered passive',
    setupRoles,
  ],
  ['16', 'policy', '§4.4.4', 'passive is answered active, holdconn is refused', oddSetupRoles],
  ['20', 'MAY', '§4.8', 'Simulcast is answered as such, or refused', simulcast],
]);

export async function directions(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const [answered, wrong] =
    kind === 'publish' ? ['recvonly', 'recvonly'] : ['sendonly', 'sendonly'];
  const both = await postValid(given, { offer: withDirection(kind, 'sendrecv') });
  seen.should(isSuccess(both), `sendrecv was answered ${both.status}`);
  if (isSuccess(both)) {
    for (const { mid, direction, accepted } of readDescription(both.body).sections) {
      seen.must(
        !accepted || direction === answered,
        `sendrecv: m-line ${mid} is answered ${direction}, not ${answered}`,
      );
    }
  }
  for (const direction of [wrong, 'inactive']) {
    const reply = await server.post(kind, { offer: withDirection(kind, direction) });
    seen.policy(isRefusal(reply), `${direction} was answered ${reply.status}, 422 wanted`);
    if (isRefusal(reply)) {
      seen.policy([400, 422].includes(reply.status), `${direction} was answered ${reply.status}`);
    }
  }
}

async function unservable(given: Given): Promise<void> {
  const { seen, kind } = given;
  const reply = await postValid(given, { offer: withUnknownVideoCodec(kind) });
  const rejected = readDescription(reply.body).sections.some(({ accepted }) => !accepted);
  const how = rejected ? 'with a rejected m-line' : 'although nobody has the codec';
  seen.should(!isSuccess(reply), `it was answered ${reply.status} ${how}`);
  if (isRefusal(reply)) {
    seen.should([400, 422].includes(reply.status), `it was answered ${reply.status}, 422 wanted`);
  }
}

async function twoOfAKind(given: Given): Promise<void> {
  const { seen } = given;
  const offers = [
    ['two video m-lines', withTwoVideos(), 3],
    ['two MediaStreams', withTwoStreams(), 2],
  ] as const;
  for (const [name, offer, count] of offers) {
    const reply = await postValid(given, { offer });
    if (isRefusal(reply)) continue;
    const accepted = readDescription(reply.body).sections.filter((section) => section.accepted);
    seen.must(
      isSuccess(reply) && accepted.length === count,
      `${name}: answered ${reply.status} with ${accepted.length} of ${count} m-lines accepted`,
    );
  }
}

async function noStreamIds(given: Given): Promise<void> {
  const reply = await postValid(given, { offer: withoutStreamIds() });
  given.seen.policy(isSuccess(reply), `it was answered ${reply.status}`);
}

async function setupRoles(given: Given): Promise<void> {
  const { seen, kind } = given;
  for (const [setup, allowed] of [
    ['actpass', ['passive', 'active']],
    ['active', ['passive']],
  ] as const) {
    const reply = await postValid(given, { offer: withSetup(kind, setup) });
    if (isRefusal(reply) && setup === 'active') continue;
    seen.should(isSuccess(reply), `${setup} was answered ${reply.status}`);
    if (!isSuccess(reply)) continue;
    for (const role of rolesIn(reply.body)) {
      const ok = (allowed as readonly string[]).includes(role);
      seen.should(ok, `setup:${setup} was answered setup:${role}`);
    }
  }
}

async function oddSetupRoles(given: Given): Promise<void> {
  const { seen, server, kind } = given;
  const passive = await postValid(given, { offer: withSetup(kind, 'passive') });
  seen.policy(isSuccess(passive), `setup:passive was answered ${passive.status}`);
  if (isSuccess(passive)) {
    for (const role of rolesIn(passive.body)) {
      seen.policy(role === 'active', `setup:passive was answered setup:${role}`);
    }
  }
  const hold = await server.post(kind, { offer: withSetup(kind, 'holdconn') });
  seen.policy(isRefusal(hold), `setup:holdconn was answered ${hold.status}, 422 wanted`);
}

async function simulcast(given: Given): Promise<void> {
  const reply = await postValid(given, { offer: fresh('chromium-publish-simulcast') });
  given.seen.may(
    isRefusal(reply) || (isSuccess(reply) && reply.body.includes('\na=simulcast:')),
    `answered ${reply.status} without a=simulcast: OBS gives up on such an answer`,
  );
}

/** The roles of all accepted m-lines; session-level when an m-line has none. */
function rolesIn(answer: string): ReadonlySet<string> {
  const { session, sections } = readDescription(answer);
  const roleOf = (lines: readonly string[]): string | undefined =>
    lines.find((line) => line.startsWith('a=setup:'))?.slice('a=setup:'.length);
  const accepted = sections.filter((section) => section.accepted);
  return new Set(accepted.map(({ lines }) => roleOf(lines) ?? roleOf(session) ?? 'none'));
}
