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

/** What `act` returns, or undefined when it throws a GatewayError; anything else is thrown on. */
export function unlessRefused<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
