/** One act upon the machine. */
export type Injection =
  | { readonly type: 'key'; readonly code: string; readonly keysym: number; readonly down: boolean }
  | { readonly type: 'button'; readonly button: number; readonly down: boolean }
  /** Shares of the picture. */
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  /** Whole pixels. */
  | { readonly type: 'travel'; readonly x: number; readonly y: number }
  /** Whole notches; right and down count up. */
  | { readonly type: 'wheel'; readonly x: number; readonly y: number }
  | {
      readonly type: 'touch';
      readonly id: number;
      readonly x: number;
      readonly y: number;
      readonly phase: 'begin' | 'move' | 'end';
    }
  | { readonly type: 'text'; readonly text: string };
