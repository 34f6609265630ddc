/**
 * Subprotocol of `/ws/signal`; JSON text messages in both directions (`signal-messages.ts`,
 * `signal-events.ts`). The token comes as a second subprotocol, in the header `Authorization`, or
 * in `register`.
 */
export const SIGNAL_PROTOCOL = 'pixelcast.signal.v1';

/** Largest message to the gateway. */
export const SIGNAL_MESSAGE_BYTES = 64 * 1024;
/** Largest SDP; the largest offer of browsers seen has 7.5 KB without candidates. */
export const SIGNAL_SDP_CHARS = 32 * 1024;
/** Largest candidate line. */
export const CANDIDATE_CHARS = 1024;

/** Who hears no `pong` to its `ping` for so long may take the connection for lost, ms. */
export const SIGNAL_SILENT_MS = 10_000;
/** Pause before a client comes again, ms: from the first to the last, doubled, with jitter. */
export const SIGNAL_BACKOFF_MS = { first: 200, last: 5_000 } as const;
