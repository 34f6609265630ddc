import type { Tokens } from './auth/tokens.ts';
import { RoomId, type RoomId as Room } from './protocol/ids.ts';

/** The room that a newcomer's links lead to. */
export const FIRST_ROOM = RoomId.parse('demo');
/** Life of a printed link. */
const LINK_SECONDS = 24 * 3600;

/** Ready links: the token stands in the fragment, so that it reaches no log. */
export interface Links {
  readonly share: string;
  readonly camera: string;
  readonly watch: string;
  readonly control: string;
  readonly admin: string;
}

/** Links for a room, good for a day; the share page knows the watch link to pass on. */
export function createLinks(tokens: Tokens, baseUrl: string, room: Room, now: number): Links {
  const exp = Math.floor(now / 1000) + LINK_SECONDS;
  const watch = tokens.mint({ sub: 'viewer', room, can: ['watch'], exp });
  const control = tokens.mint({ sub: 'controller', room, can: ['watch', 'control'], exp });
  const share = tokens.mint({ sub: 'presenter', room, can: ['publish', 'watch'], exp });
  const admin = tokens.mint({ sub: 'admin', room: '*', can: ['admin'], exp });
  return {
    share: `${baseUrl}/share/${room}#token=${share}&watch=${watch}`,
    camera: `${baseUrl}/camera/${room}#token=${share}&watch=${watch}`,
    watch: `${baseUrl}/watch/${room}#token=${watch}`,
    control: `${baseUrl}/watch/${room}#token=${control}`,
    admin: `${baseUrl}/admin#token=${admin}`,
  };
}

/** The links as a newcomer reads them. */
export const describeLinks = (links: Links): string =>
  `  Share a screen   ${links.share}\n  Send a camera    ${links.camera}\n  Watch it         ${links.watch}\n  Control it       ${links.control}\n  Administer       ${links.admin}\n`;
