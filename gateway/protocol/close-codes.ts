/**
 * Close codes of our WebSockets: 4000 and the HTTP status of the same failure. The reason of the
 * close frame is a sentence. 1001: the gateway stops, come again; 1012: another gateway goes on, come
 * again at once; 1008 and 1009: a message that breaks the protocol or is too large.
 */
export const CLOSE_CODES = {
  'bad-request': 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  /** Its room goes on at another gateway, which keeps what it had: come again at once. */
  moved: 1012,
  /** A viewer that does not paint what it is sent, a publisher that is silent. */
  timeout: 4408,
  /** Another takes its place. */
  replaced: 4409,
  'rate-limited': 4429,
  unavailable: 4503,
} as const;

/** Codes after which the same client with the same token need not come again. */
export const FINAL_CLOSE_CODES: ReadonlySet<number> = new Set([
  CLOSE_CODES['bad-request'],
  CLOSE_CODES.unauthenticated,
  CLOSE_CODES.forbidden,
  CLOSE_CODES.replaced,
]);
