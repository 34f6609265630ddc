import type { Grant } from '../../auth/grant.ts';
import { MessageBudget } from '../../limits/message-budget.ts';
import { LIMITS } from '../../limits/limits.ts';
import type { Rank, ViewerId } from '../../protocol/control.ts';
import type { ViewerEvent } from '../../protocol/viewer.ts';
import type { ViewerChannel } from '../hosts/viewer-channel.ts';

interface MemberParts {
  readonly viewer: ViewerId;
  readonly resume: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A viewer in the control of one source, across its sockets. */
export class Member {
  readonly viewer: ViewerId;
  /** Who brings it is this member. */
  readonly resume: string;
  /** No two of a source are called the same. */
  name: string;
  readonly since: number;
  /** That of its newest socket. */
  readonly wishes = new MessageBudget(
    { perSecond: LIMITS.wishesPerSecond, burst: LIMITS.wishesAtOnce },
    () => performance.now(),
  );
  #grant: Grant;
  #rank: Rank;
  #channel: ViewerChannel | null;

  constructor({ viewer, resume, name, since }: MemberParts, socket: MemberSocket) {
    this.viewer = viewer;
    this.resume = resume;
    this.name = name;
    this.since = since;
    this.#grant = socket.grant;
    this.#rank = socket.rank;
    this.#channel = socket.channel;
  }

  get grant(): Grant {
    return this.#grant;
  }

  get rank(): Rank {
    return this.#rank;
  }

  /** Null while its socket is lost. */
  get channel(): ViewerChannel | null {
    return this.#channel;
  }

  send(event: ViewerEvent): void {
    this.#channel?.send(event);
  }

  /** Calls once its page has all that was sent until now; never when the socket ends before. */
  onceRead(act: () => void): void {
    this.#channel?.onceRead(act);
  }

  welcome(): void {
    const { viewer, name, rank, resume } = this;
    this.send({ type: 'control/welcome', viewer, name, rank, resume });
  }

  /** Goes on by another socket; one that is still there makes way. */
  moveTo({ grant, rank, channel }: MemberSocket): void {
    const older = this.#channel;
    this.#grant = grant;
    this.#rank = rank;
    this.#channel = channel;
    older?.dismiss('replaced');
  }

  /** Its socket is gone. */
  detach(): void {
    this.#channel = null;
  }
}

/** By what a member is there. */
export interface MemberSocket {
  readonly grant: Grant;
  readonly rank: Rank;
  /** Null: its socket was lost with the gateway that had it. */
  readonly channel: ViewerChannel | null;
}
