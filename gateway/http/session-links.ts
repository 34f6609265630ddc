import type { IceServer } from '../protocol/ice.ts';
import type { Session } from '../rooms/session.ts';
import { formatLink } from './link-header.ts';

/** What the links of a new session are made of. */
export interface SessionLinkParts {
  readonly session: Session;
  /** Scheme and authority that the client uses; '' makes links path-absolute. */
  readonly baseUrl: string;
  readonly iceServers: readonly IceServer[];
}

/** Every `Link` field line of a 201: ICE servers first, then the extensions that are served. */
export function sessionLinks({ iceServers }: SessionLinkParts): readonly string[] {
  return iceServerLinks(iceServers);
}

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
