import { isRefusal, isSuccess, type Reply } from '../http-client.ts';
import { linksOf, readLinks } from '../links.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given } from '../rule.ts';
import type { Session } from '../session.ts';
import { eventNames, eventsLink } from './events.ts';

/** WHEP's layer selection extension, where the server advertises it. */
export const layerRules = rulesOf(
  'LAYER',
  [
    [
      '01',
      'MUST',
      'WHEP layers',
      'Layers come with server-sent events, and "layers" among them',
      withEvents,
    ],
    ['02', 'MAY', 'WHEP layers', 'POST chooses a layer; nonsense is refused', choose],
    [
      '03',
      'policy',
      'WHEP layers',
      'A mediaId alone, or DELETE, goes back to automatic',
      automatic,
    ],
    ['04', 'policy', 'WHEP layers', 'Layers are advertised only where there are some', onlyIfAny],
  ],
  'WHEP-02',
);

const LAYERS = 'urn:ietf:params:whep:ext:core:layer';

const layersUrl = (session: Session): string | undefined => {
  const [link] = linksOf(readLinks(session.reply.headers['link']).links, LAYERS);
  return link === undefined ? undefined : new URL(link.target, session.url).href;
};

/** A session with its layer resource. @throws NotApplicable */
async function resource({ server, kind }: Given): Promise<{ session: Session; url: string }> {
  const { session: had } = await server.sample(kind);
  if (had === null) throw new NotApplicable('no session');
  if (layersUrl(had) === undefined) throw new NotApplicable('not advertised');
  const session = await server.open(kind);
  const url = layersUrl(session);
  if (url === undefined) throw new NotApplicable('not advertised by this session');
  return { session, url };
}

function post({ server, kind }: Given, url: string, body: string): Promise<Reply> {
  const headers = { 'Content-Type': 'application/json' };
  return server.ask(kind, 'POST', { url, body, headers, about: 'layers' });
}

const videoMid = ({ answer }: Session): string =>
  answer.sections.find(({ kind, accepted }) => kind === 'video' && accepted)?.mid ?? '1';

async function withEvents(given: Given): Promise<void> {
  const { session } = await resource(given);
  const link = eventsLink(session.reply);
  given.seen.must(link !== undefined, 'server-sent events are not advertised beside layers');
  if (link === undefined) return;
  const names = eventNames(link);
  given.seen.must(names.length === 0 || names.includes('layers'), 'there is no layers event');
}

async function choose(given: Given): Promise<void> {
  const { seen } = given;
  const { session, url } = await resource(given);
  const reply = await post(given, url, JSON.stringify({ mediaId: videoMid(session), rid: 'h' }));
  const known = isSuccess(reply) || isRefusal(reply);
  seen.may(known, `a choice by rid was answered ${reply.status}`);
  for (const body of ['{', '[]', '"h"', '{"rid":7}']) {
    const { status } = await post(given, url, body);
    seen.may(status >= 400 && status < 500, `${body} was answered ${status}, 4xx wanted`);
  }
}

async function automatic(given: Given): Promise<void> {
  const { server, seen, kind } = given;
  const { session, url } = await resource(given);
  const { status } = await post(given, url, JSON.stringify({ mediaId: videoMid(session) }));
  seen.policy(status === 200, `a mediaId alone was answered ${status}, 200 wanted`);
  const deleted = await server.ask(kind, 'DELETE', { url, about: 'layers' });
  seen.policy(isSuccess(deleted), `DELETE was answered ${deleted.status}: one player sends it`);
}

async function onlyIfAny(given: Given): Promise<void> {
  await resource(given);
  throw new NotApplicable('whether there are layers is not to be seen from outside');
}
