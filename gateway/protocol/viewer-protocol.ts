/** Subprotocol of `/ws/control/:room`; JSON text messages in both directions. */
export const VIEWER_PROTOCOL = 'pixelcast.viewer.v1';
/** Second subprotocol that a page offers, followed by its token: browsers set no header here. */
export const TOKEN_PROTOCOL_PREFIX = 'pixelcast.token.';

/** Seconds between the reports of one player. */
export const REPORT_SECONDS = 2;
