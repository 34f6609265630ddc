import type { EngineConfig } from './config.ts';

/** Supervisor to engine process. `start` comes first and once; `ping` wants a `pong`. */
export type ToChild =
  | { readonly type: 'start'; readonly config: EngineConfig }
  | { readonly type: 'ping' }
  | { readonly type: 'stop' };

/** Engine process to supervisor. `unable`: a start with these settings cannot succeed now. */
export type FromChild =
  | {
      readonly type: 'ready';
      readonly apiPort: number;
      readonly mediaPort: number;
      readonly serviceId: string;
    }
  | { readonly type: 'unable'; readonly reason: string }
  | { readonly type: 'pong' };
