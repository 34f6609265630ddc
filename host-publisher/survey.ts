import type { ChildProcess } from 'node:child_process';
import { toHostError } from './host-error.ts';
import type { EncoderFinding } from './media/messages.ts';
import type { MediaPlan } from './media/plan.ts';
import { MediaChild } from './supervision/media-child.ts';

/**
 * Tries every encoder of the table; one that ends the media process is found out too. It begins with
 * `media`, a process that was started ahead.
 */
export async function surveyEncoders(
  plan: MediaPlan,
  media?: ChildProcess,
): Promise<readonly EncoderFinding[]> {
  const excluded: string[] = [];
  let ahead = media;
  for (;;) {
    const found = Promise.withResolvers<readonly EncoderFinding[]>();
    const seen: { trying: string | null } = { trying: null };
    const child = new MediaChild({
      process: ahead,
      onMessage: (message) => {
        if (message.type === 'trying') seen.trying = message.encoder;
        if (message.type === 'surveyed') found.resolve(message.findings);
      },
    });
    ahead = undefined;
    try {
      child.send({ type: 'survey', plan: { ...plan, excludedEncoders: excluded } });
      return await Promise.race([found.promise, child.failureOf('process')]);
    } catch (error) {
      const { trying } = seen;
      if (trying === null || excluded.includes(trying)) throw toHostError(error, 'media');
      excluded.push(trying);
    } finally {
      await child.stop();
    }
  }
}

/** One line per encoder, aligned for a terminal. */
export function describeFindings(findings: readonly EncoderFinding[]): string {
  return findings
    .map(
      ({ encoder, codec, works, remark }) =>
        `${works ? 'works' : 'no   '}  ${encoder.padEnd(14)} ${codec.padEnd(5)} ${remark}\n`,
    )
    .join('');
}
