/** A rule, or a part of it, that cannot be checked here; the message says why. */
export class NotApplicable extends Error {
  override readonly name: string = 'NotApplicable';
}
