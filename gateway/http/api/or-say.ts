import { GatewayError } from '../../errors.ts';

/** Waits for what was written; where it could not be, `consequence` says what holds all the same. */
export async function orSay(kept: Promise<void>, consequence: string): Promise<void> {
  try {
    await kept;
  } catch (cause) {
    throw new GatewayError('internal', `The list could not be written. ${consequence}`, { cause });
  }
}
