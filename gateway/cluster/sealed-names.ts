import { timingSafeEqual } from 'node:crypto';
import { RoomId } from '../protocol/ids.ts';
import { PLAIN_NAMES, type RoomNames } from '../rooms/room-names.ts';
import type { PeerPasses } from './peer-pass.ts';

/**
 * Of a gateway in a cluster: each name says its room, so that any gateway knows where it belongs
 * without asking. The seal of a capability keeps guesses away from Redis.
 */
export class SealedNames implements RoomNames {
  readonly #passes: PeerPasses;

  constructor(passes: PeerPasses) {
    this.#passes = passes;
  }

  capability(room: RoomId): string {
    const name = `${PLAIN_NAMES.capability(room)}.${room}`;
    return `${name}.${this.#passes.seal(name)}`;
  }

  id(room: RoomId): string {
    return `${PLAIN_NAMES.id(room)}.${room}`;
  }

  /** The room of a capability that a gateway of this cluster made. */
  roomOfCapability(capability: string): RoomId | undefined {
    const [, name = '', room, seal = ''] =
      /^([\w-]{32}\.([\w-]{1,64}))\.([\w-]{16})$/.exec(capability) ?? [];
    const expected = this.#passes.seal(name);
    if (seal.length !== expected.length) return undefined;
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) return undefined;
    return RoomId.safeParse(room).data;
  }

  roomOfId(id: string): RoomId | undefined {
    return RoomId.safeParse(/^[0-9a-f]{16}\.([\w-]{1,64})$/.exec(id)?.[1]).data;
  }
}
