import { z } from 'zod';
import { PrintableName } from '../protocol/grant.ts';
import { RoomId } from '../protocol/ids.ts';
import { Role, ROLE_ACTIONS, type Rooms } from '../protocol/role.ts';
import type { Rights } from './grant.ts';

/** Which claims of another issuer say who somebody is and what they may do. */
export interface OidcMapping {
  /** Claim with the name; `a.b` is `b` in the object `a`. */
  readonly nameClaim: string;
  readonly roleClaim: string;
  /** What a value of that claim stands for; `*` is everybody. Empty: the roles' own names. */
  readonly roles: readonly { readonly role: Role; readonly value: string }[];
  /** Claim with names of rooms; undefined: all rooms for everybody. */
  readonly roomsClaim: string | undefined;
}

const MAX_ROOMS = 64;
const Words = z.union([
  z.string().transform((word) => [word]),
  z.array(z.unknown()).transform((all) => all.filter((each) => typeof each === 'string')),
]);

/** The name that the claims give somebody; undefined when they give none. */
export function nameIn(claims: object, { nameClaim }: OidcMapping): string | undefined {
  return PrintableName.safeParse(valueOf(claims, nameClaim)).data;
}

/** What the claims allow; undefined when they give no role here, or no room. */
export function rightsIn(claims: object, mapping: OidcMapping): Rights | undefined {
  const words = wordsOf(claims, mapping.roleClaim);
  const role = Role.options.find((each) =>
    mapping.roles.length === 0
      ? words.includes(each)
      : mapping.roles.some(
          ({ role: mapped, value }) => mapped === each && (value === '*' || words.includes(value)),
        ),
  );
  const rooms = roomsIn(claims, mapping);
  const [only] = rooms;
  if (role === undefined || only === undefined) return undefined;
  const room = rooms === '*' || rooms.length > 1 ? rooms : RoomId.parse(only);
  return { room, sources: undefined, can: ROLE_ACTIONS[role] };
}

function roomsIn(claims: object, { roomsClaim }: OidcMapping): Rooms {
  if (roomsClaim === undefined) return '*';
  const words = wordsOf(claims, roomsClaim);
  if (words.includes('*')) return '*';
  return words.flatMap((word) => RoomId.safeParse(word).data ?? []).slice(0, MAX_ROOMS);
}

const wordsOf = (claims: object, name: string): readonly string[] =>
  Words.safeParse(valueOf(claims, name)).data ?? [];

/** By the whole name first: names that are URLs have dots. */
function valueOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return (claims as Record<string, unknown>)[name];
  const [first = '', ...rest] = name.split('.');
  if (rest.length === 0 || !Object.hasOwn(claims, first)) return undefined;
  const inner = (claims as Record<string, unknown>)[first];
  return typeof inner === 'object' && inner !== null ? valueOf(inner, rest.join('.')) : undefined;
}
