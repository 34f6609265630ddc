import { randomBytes } from 'node:crypto';
import type { Grant } from '../../auth/grant.ts';
import { ViewerId } from '../../protocol/control.ts';
import type { ViewerKey } from '../../control/state.ts';
import type { ViewerChannel } from '../hosts/viewer-channel.ts';
import type { KeptMember } from './kept-control.ts';
import { Member, type MemberSocket } from './member.ts';
import { NameBook } from './name-book.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Who wants to be a member. */
export interface Entrant extends MemberSocket {
  readonly channel: ViewerChannel;
  /** What it calls itself. */
  readonly name: string | undefined;
  /** What a welcome gave it. */
  readonly resume: string | undefined;
}

/** The viewers of one source, with those whose socket was lost just now. */
export class Members {
  readonly #byViewer = new Map<ViewerKey, Member>();
  readonly #byResume = new Map<string, Member>();
  readonly #names = new NameBook();

  get size(): number {
    return this.#byViewer.size;
  }

  [Symbol.iterator](): MapIterator<Member> {
    return this.#byViewer.values();
  }

  get(viewer: ViewerKey): Member | undefined {
    return this.#byViewer.get(viewer);
  }

  /** The member that this one was: by its secret, and only for the same subject. */
  returning({
    resume,
    grant,
  }: Pick<Entrant, 'resume'> & { grant: Pick<Grant, 'subject'> }): Member | undefined {
    const member = resume === undefined ? undefined : this.#byResume.get(resume);
    return member?.grant.subject === grant.subject ? member : undefined;
  }

  add(entrant: Entrant, since: number): Member {
    const member = new Member(
      {
        viewer: this.#unusedId(),
        resume: randomBytes(16).toString('base64url'),
        name: this.#names.take(entrant.name ?? entrant.grant.subject, entrant.grant.subject),
        since,
      },
      entrant,
    );
    this.#put(member);
    return member;
  }

  /** One that another gateway knew, by its names; its socket is lost. */
  restore({ viewer, resume, name, since, grant, rank }: KeptMember): void {
    const taken = this.#names.take(name, grant.subject);
    this.#put(new Member({ viewer, resume, name: taken, since }, { grant, rank, channel: null }));
  }

  /** Whether it has another name now. */
  rename(member: Member, wanted: string): boolean {
    const before = member.name;
    this.#names.free(before);
    member.name = this.#names.take(wanted, member.grant.subject);
    return member.name !== before;
  }

  delete(member: Member): void {
    if (!this.#byViewer.delete(member.viewer)) return;
    this.#byResume.delete(member.resume);
    this.#names.free(member.name);
  }

  #put(member: Member): void {
    this.#byViewer.set(member.viewer, member);
    this.#byResume.set(member.resume, member);
  }

  #unusedId(): ViewerId {
    for (;;) {
      const id = Array.from(randomBytes(10), (byte) => BASE32[byte % 32]).join('');
      if (!this.#byViewer.has(id)) return ViewerId.parse(id);
    }
  }
}
