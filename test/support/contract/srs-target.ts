import { expect } from 'vitest';
import type { HookReceiver } from './hook-receiver.ts';
import type { SrsReply } from './srs-http.ts';

/** What may differ between servers of one contract, and is asserted for each as it is. */
export interface SrsTraits {
  /** How a failed WHIP or WHEP request looks: closed without a byte, or a status and a text. */
  readonly failures: 'close' | 'status';
  readonly minimumCount: 1 | 10;
  readonly tellsTotals: boolean;
  /** A refused publish keeps its name busy until the sweep, which yields an on_unpublish. */
  readonly refusedPublishHoldsName: boolean;
  /** An offered m-line that the stream has no track for: left out of the answer, answered, or all refused. */
  readonly missingTrack: 'left out' | 'answered' | 'refused';
  /** The one true difference on purpose: the project's engine, or SRS. */
  readonly kind: 'engine' | 'srs';
}

/** A running server that the suite asks. */
export interface SrsTarget {
  readonly origin: string;
  /** `user:password`, or null when the API is open. */
  readonly login: string | null;
  readonly hooks: HookReceiver;
  readonly traits: SrsTraits;
  readonly inactivityMs: number;
  readonly sweepMs: number;
  /** Kills the serving process; resolves when its successor answers. Null: cannot be done here. */
  readonly restart: (() => Promise<void>) | null;
  close(): Promise<void>;
}

/** What SRS of a version does, by the changes named in srs.md §12. */
export function traitsOfSrs(major: number, revision: number): SrsTraits {
  const atLeast = (seventh: number): boolean => major > 7 || (major === 7 && revision >= seventh);
  return {
    failures: atLeast(121) ? 'status' : 'close',
    minimumCount: atLeast(128) ? 1 : 10,
    tellsTotals: atLeast(107),
    refusedPublishHoldsName: true,
    missingTrack: atLeast(124) ? 'refused' : 'left out',
    kind: 'srs',
  };
}

/** Asserts a failure in the way of the target; `text` is what 7.0.121 and later say. */
export function expectFailure(
  reply: SrsReply,
  { failures }: SrsTraits,
  status: number,
  text: RegExp,
): void {
  if (failures === 'close') {
    expect(reply).toMatchObject({ status: null, body: '' });
    return;
  }
  expect(reply.status).toBe(status);
  expect(reply.headers['content-type']).toContain('text/plain');
  expect(reply.body).toMatch(text);
}
