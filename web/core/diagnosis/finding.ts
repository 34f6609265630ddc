/** What is tried, in the order in which it is shown. */
export const CHECKS = [
  'gateway',
  'link',
  'clock',
  'websocket',
  'codecs',
  'udp',
  'tcp',
  'stun',
  'turn-udp',
  'turn-tcp',
] as const;
export type Check = (typeof CHECKS)[number];

/** What came of one check. */
export interface Finding {
  readonly check: Check;
  /** `left-out`: there was nothing to try. */
  readonly outcome: 'passed' | 'failed' | 'left-out';
  readonly sentence: string;
  /** For experts; no credential is in it. */
  readonly details: readonly string[];
  /** Null where time tells nothing. */
  readonly tookMs: number | null;
}

export const passed = (check: Check, sentence: string, more: Partial<Finding> = {}): Finding => ({
  ...{ check, outcome: 'passed', sentence, details: [], tookMs: null },
  ...more,
});

export const failed = (check: Check, sentence: string, more: Partial<Finding> = {}): Finding => ({
  ...passed(check, sentence, more),
  outcome: 'failed',
});

export const leftOut = (check: Check, sentence: string): Finding => ({
  ...passed(check, sentence),
  outcome: 'left-out',
});
