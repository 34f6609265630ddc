import { HostError } from '../host-error.ts';

/** The given word as one of those allowed; throws a sentence that lists them. */
export function choose<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === given);
  if (found !== undefined) return found;
  throw new HostError('usage', `${option} ${given} is not known; it may be ${allowed.join(', ')}.`);
}
