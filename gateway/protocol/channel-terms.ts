/**
 * Labels of a viewer's data channels: `keys` is reliable and in order, `motion` neither. Frames with
 * `held` go by the WebSocket and `keys` both, whichever is first; motion alone goes by `motion`.
 */
export const INPUT_CHANNELS = ['keys', 'motion'] as const;

/** Largest message; a larger frame goes by the WebSocket alone. */
export const CHANNEL_MESSAGE_BYTES = 16 * 1024;
