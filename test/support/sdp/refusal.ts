import { GatewayError } from '../../../gateway/errors.ts';

/** The code of the GatewayError that `act` throws, or `accepted`; anything else is thrown on. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}
