/** What one look at the installation found. */
export interface Check {
  readonly name: string;
  /** `skipped`: it cannot be told from here. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, and what to do. */
  readonly detail: string;
}

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail });
export const warning = (name: string, detail: string): Check => ({
  name,
  state: 'warning',
  detail,
});
export const failed = (name: string, detail: string): Check => ({ name, state: 'failed', detail });
export const skipped = (name: string, detail: string): Check => ({
  name,
  state: 'skipped',
  detail,
});
