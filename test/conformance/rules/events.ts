import { header, isRefusal, isSuccess, type Reply } from '../http-client.ts';
import { waitFor } from '../../support/wait-for.ts';
import { EventStream } from '../event-stream.ts';
import { linksOf, readLinks, type Link } from '../links.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import type { Session } from '../session.ts';

/** WHEP's server-sent events extension, where the server advertises it. */
export const eventRules = rulesOf(
  'EVENT',
  [
    [
      '01',
      'MUST',
      'WHEP events',
      'The 201 advertises the extension in a Link with its events',
      advertised,
    ],
    ['02', 'MUST', 'WHEP events', 'POST opens a stream; unknown events are refused 400', opening],
    [
      '03',
      'MUST',
      'WHEP events',
      'The stream is text/event-stream, one data line per event',
      format,
    ],
    ['04', 'MUST', 'WHEP events', 'Only events that were asked for come', onlyAsked],
    ['05', 'MUST', 'WHEP events', 'active and inactive follow the publisher', followPublisher],
    ['06', 'MUST', 'WHEP events', 'DELETE of stream or session ends the stream', ends],
    ['07', 'MAY', 'WHEP events', 'viewercount tells a number', viewerCount],
    [
      '08',
      'policy',
      'WHEP events',
      'The stream needs no token: EventSource sends none',
      capability,
    ],
    [
      '09',
      'policy',
      'WHEP events',
      'Typed events, although one player reads untyped ones only',
      clientFault,
    ],
    ['10', 'policy', 'HTML §9.2', 'Pings keep the stream open; streams per session are few', pings],
  ],
  'WHEP-02',
);

export const EVENTS = 'urn:ietf:params:whep:ext:core:server-sent-events';
const EVENT_MS = 6000;
const PING_MS = 18_000;
/** Long enough for an event that should not come. */
const SILENCE_MS = 500;

export function eventsLink(reply: Reply): Link | undefined {
  return linksOf(readLinks(reply.headers['link']).links, EVENTS)[0];
}

export const eventNames = (link: Link | undefined): readonly string[] =>
  (link?.parameters.get('events') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

interface Subscribed {
  readonly session: Session;
  readonly url: string;
}

/** A session's event resource. @throws NotApplicable */
async function resource({
  server,
  kind,
}: Given): Promise<Subscribed & { names: readonly string[] }> {
  const { session: had } = await server.sample(kind);
  if (had === null) throw new NotApplicable('no session');
  if (eventsLink(had.reply) === undefined) throw new NotApplicable('not advertised');
  const session = await server.open(kind);
  const link = eventsLink(session.reply);
  if (link === undefined) throw new NotApplicable('not advertised by this session');
  return { session, url: new URL(link.target, session.url).href, names: eventNames(link) };
}

function create(
  { server, kind }: Given,
  url: string,
  names?: readonly string[],
  once = false,
): Promise<Reply> {
  const body = names === undefined ? {} : { body: JSON.stringify(names) };
  const type = names === undefined ? {} : { 'Content-Type': 'application/json' };
  return server.ask(kind, 'POST', { url, ...body, headers: type, about: 'events', once });
}

async function subscribe(given: Given, at: Subscribed, names: readonly string[]): Promise<string> {
  const reply = await create(given, at.url, names);
  const location = header(reply, 'location');
  if (!isSuccess(reply) || location === undefined) {
    throw new NotApplicable(`no stream: POST was answered ${reply.status}`);
  }
  return new URL(location, at.url).href;
}

async function listen(
  { server, kind }: Given,
  url: string,
  headers = server.authorization(kind),
): Promise<EventStream> {
  const stream = await EventStream.open(url, headers, server.http.timeoutMs);
  server.defer(() => stream.close());
  return stream;
}

/** A time limit, or less for who has little patience. */
const within = ({ server }: Given, limitMs: number): number =>
  Math.min(limitMs, server.options.patienceMs);

async function advertised({ server, seen, kind }: Given): Promise<void> {
  const { session, reply } = await server.sample(kind);
  if (session === null) throw new NotApplicable('no session');
  const { links, malformed } = readLinks(reply.headers['link']);
  for (const text of malformed) {
    seen.must(!text.includes(EVENTS), `the Link does not parse (RFC 8288): ${text}`);
  }
  if (linksOf(links, EVENTS).length > 0 || seen.failures.length > 0) return;
  throw new NotApplicable('not advertised');
}

async function opening(given: Given): Promise<void> {
  const { seen } = given;
  const at = await resource(given);
  for (const [name, names] of [
    ['without a list', undefined],
    ['for active', ['active']],
  ] as const) {
    const reply = await create(given, at.url, names);
    seen.must(reply.status === 201, `POST ${name} was answered ${reply.status}, 201 wanted`);
    const location = header(reply, 'location');
    seen.must(location !== undefined || !isSuccess(reply), `the 201 ${name} has no Location`);
    if (location === undefined) continue;
    const url = new URL(location, at.url).href;
    await given.server.ask(given.kind, 'DELETE', { url, about: 'events' });
  }
  const { status } = await create(given, at.url, ['no-such-event']);
  seen.must(status === 400, `an unknown event was answered ${status}, 400 wanted`);
}

async function format(given: Given): Promise<void> {
  const { seen } = given;
  const stream = await listen(given, await subscribe(given, await resource(given), ['active']));
  const { headers } = stream.response;
  seen.must(stream.status === 200, `GET was answered ${stream.status}, 200 wanted`);
  const type = headers['content-type'] ?? 'none';
  seen.must(/^text\/event-stream\b/i.test(type), `GET is of type ${type}`);
  const stored = /\bno-store\b/i.test(headers['cache-control'] ?? '');
  seen.must(stored, 'Cache-Control is not no-store');
  const event = await stream.next('active', within(given, EVENT_MS));
  if (event === null) return;
  const single = event.typeLines === 1 && event.dataLines === 1;
  seen.must(single, `an event has ${event.typeLines} event and ${event.dataLines} data lines`);
}

async function onlyAsked(given: Given): Promise<void> {
  const { seen } = given;
  const stream = await listen(given, await subscribe(given, await resource(given), ['inactive']));
  await stream.next('active', SILENCE_MS);
  const others = stream.events.filter(({ type }) => type !== 'inactive').map(({ type }) => type);
  seen.must(others.length === 0, `asked for inactive alone, got ${others.join(', ')}`);
}

async function followPublisher(given: Given): Promise<void> {
  const { server, seen } = given;
  const at = await resource(given);
  const stream = await listen(given, await subscribe(given, at, ['active', 'inactive']));
  const first = await stream.next('active', within(given, EVENT_MS));
  seen.must(first !== null, 'no active at the start although somebody publishes');
  seen.must(stream.events[0]?.type !== 'inactive', 'the first event is inactive');
  if (first === null || !server.has('publish')) return;
  await server.publisher.stop();
  const inactive = await stream.next('inactive', within(given, EVENT_MS));
  const left = await at.session.ask('GET');
  if ([404, 410].includes(left.status)) return;
  seen.must(inactive !== null, 'no inactive when the publisher went');
  await server.publisher.ensure();
  const again = await stream.next('active', within(given, EVENT_MS), 2);
  seen.must(again !== null, 'no active when a publisher came back');
}

async function ends(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const at = await resource(given);
  const deleted = await subscribe(given, at, ['active']);
  const reply = await server.ask(kind, 'DELETE', { url: deleted, about: 'events' });
  seen.must(isSuccess(reply), `DELETE of the stream was answered ${reply.status}`);
  await judgeGone(given, deleted, 'DELETE of the stream');
  const other = await subscribe(given, at, ['active']);
  await at.session.delete();
  await judgeGone(given, other, 'the end of the session');
}

async function judgeGone(given: Given, url: string, after: string): Promise<void> {
  const { status } = await listen(given, url);
  given.seen.must([404, 410].includes(status), `after ${after} GET was answered ${status}`);
}

async function viewerCount(given: Given): Promise<void> {
  const at = await resource(given);
  if (!at.names.includes('viewercount')) throw new NotApplicable('viewercount is not advertised');
  const stream = await listen(given, await subscribe(given, at, ['viewercount']));
  const event = await stream.next('viewercount', within(given, EVENT_MS));
  given.seen.may(event !== null, 'no viewercount came');
  if (event === null) return;
  const ok = /^\s*\{.*"viewercount"\s*:\s*\d+.*\}\s*$/.test(event.data);
  given.seen.may(ok, `viewercount says ${event.data}`);
}

async function capability(given: Given): Promise<void> {
  const { seen } = given;
  const at = await resource(given);
  const url = await subscribe(given, at, ['active']);
  const { status } = await listen(given, url, {});
  seen.policy(status === 200, `GET without a token was answered ${status}`);
  const id = at.session.url.slice(at.session.url.lastIndexOf('/') + 1);
  seen.policy(!url.includes(id), 'the URL of the stream holds the session’s secret');
}

function clientFault(): never {
  throw new NotApplicable('the fault of a client');
}

async function pings(given: Given): Promise<void> {
  const { seen } = given;
  const at = await resource(given);
  const stream = await listen(given, await subscribe(given, at, ['active']));
  const more = [
    await create(given, at.url, ['active'], true),
    await create(given, at.url, ['active'], true),
  ];
  seen.policy(more.some(isRefusal), 'a session may have three streams and more');
  const limitMs = within(given, PING_MS);
  const came = await waitFor(() => stream.comments > 0, {
    timeoutMs: limitMs,
    what: 'a ping',
  }).catch(() => false);
  seen.policy(came, `no ping within ${limitMs / 1000} s`);
}
