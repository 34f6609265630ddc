import type { EventAnnouncement } from '../events/event-streams.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { Session } from '../rooms/session.ts';
import { formatLink } from './link-header.ts';

/** What the links of a new session are made of. */
export interface SessionLinkParts {
  readonly session: Session;
  /** Scheme and authority that the client uses; '' makes links path-absolute. */
  readonly baseUrl: string;
  readonly iceServers: readonly IceServer[];
  /** Of a session that may hear of events. */
  readonly events?: EventAnnouncement | undefined;
  /** The capability of a session that has layers to choose from. */
  readonly layers?: string | undefined;
}

/** WHEP server-sent events extension; RFC 9725 §6.3 has names of its own for extensions of WHIP. */
const EVENTS_REL = {
  watch: 'urn:ietf:params:whep:ext:core:server-sent-events',
  publish: 'urn:ietf:params:whip:ext:pixelcast:server-sent-events',
};

/** WHEP layer selection extension. */
const LAYERS_REL = 'urn:ietf:params:whep:ext:core:layer';

/** Every `Link` field line of a 201: ICE servers first, then the extensions that are served. */
export function sessionLinks(parts: SessionLinkParts): readonly string[] {
  const { session, baseUrl, iceServers, events, layers } = parts;
  return [
    ...iceServerLinks(iceServers),
    ...(events === undefined ? [] : [eventsLink(baseUrl, session, events)]),
    ...(layers === undefined
      ? []
      : [formatLink({ target: `${baseUrl}/layers/${layers}`, rel: LAYERS_REL })]),
  ];
}

const eventsLink = (baseUrl: string, { kind }: Session, { id, names }: EventAnnouncement): string =>
  formatLink({
    target: `${baseUrl}/events/${id}`,
    rel: EVENTS_REL[kind],
    parameters: { events: names.join(',') },
  });

/** RFC 9725 §4.6, one line for every URL of every server. */
export function iceServerLinks(servers: readonly IceServer[]): readonly string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((target) =>
      formatLink({
        target,
        rel: 'ice-server',
        ...(username === undefined || credential === undefined
          ? {}
          : { parameters: { username, credential, 'credential-type': 'password' } }),
      }),
    ),
  );
}
