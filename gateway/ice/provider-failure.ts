/** Why a source gave nothing; the sentence is for operators, so it holds no credential and no URL. */
export class ProviderFailure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'ProviderFailure';
  }
}

/** One sentence without secrets: errors of others may repeat what they were given. */
export function describeFailure(error: unknown): string {
  if (error instanceof ProviderFailure) return error.message;
  if (!(error instanceof Error)) return 'It failed.';
  if (error.name === 'TimeoutError') return 'It did not answer in time.';
  const code = codeOf(error) ?? codeOf(error.cause);
  return code === undefined ? 'It cannot be reached.' : `It cannot be reached (${code}).`;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,39}$/.test(code) ? code : undefined;
}
