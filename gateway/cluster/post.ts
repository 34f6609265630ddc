import type { PeerGateway } from './homes.ts';

/** Who has a post. `nobody` and `unknown` last some seconds, unless nobody wants it or Redis is away. */
export type PostStanding =
  | { readonly at: 'here' }
  | { readonly at: 'there'; readonly gateway: PeerGateway }
  | { readonly at: 'nobody' }
  | { readonly at: 'unknown' };

/** A task that one gateway of a cluster has at a time. */
export interface Post {
  /** By this process' own clock: not `here` any more before another gateway could have it. */
  readonly standing: PostStanding;
  /** Whether this gateway takes it when it is nobody's. */
  readonly isWanted: boolean;
  start(): void;
  /** Gives it back: another gateway takes it at once. */
  close(): Promise<void>;
}

/** Of a gateway that has no others beside it. */
export const OWN_POST: Post = {
  standing: { at: 'here' },
  isWanted: true,
  start: () => undefined,
  close: () => Promise.resolve(),
};
