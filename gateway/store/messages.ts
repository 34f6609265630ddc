import type { Row, SqlValue, Statement, StoreErrorCode, Written } from './store.ts';

/** What the thread of a store is started with. */
export interface StoreSettings {
  readonly file: string;
  readonly migrations: readonly string[];
  /** `normal` may lose the last writes when the machine loses power, never when a process dies. */
  readonly synchronous: 'full' | 'normal';
}

export type Operation =
  | { readonly kind: 'all'; readonly sql: string; readonly params: readonly SqlValue[] }
  | { readonly kind: 'write'; readonly statements: readonly Statement[] };

export interface Failure {
  readonly code: StoreErrorCode;
  readonly message: string;
}

/** The outcome of one operation. */
export type Outcome =
  { readonly rows: Row[] } | { readonly written: Written[] } | { readonly failure: Failure };

/** To the thread: operations in their order, or null to close. */
export type ToThread = readonly Operation[] | null;

/** From the thread; `outcomes` are in the order of the operations. */
export type FromThread =
  | { readonly kind: 'open'; readonly movedTo: string | null; readonly why: string }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'done'; readonly outcomes: readonly Outcome[] };
