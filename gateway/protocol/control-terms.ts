/** Terms of control and input that pages share, apart from the schemas. */

/** What of a host is controlled: touch and wheel go with the pointer, text and clipboard with the keyboard. */
export const DEVICES = ['pointer', 'keyboard', 'gamepad'] as const;

/** A sender that holds something sends at least so often, though nothing changes. */
export const HEARTBEAT_MS = 100;
/** A host that hears nothing for so long lets go of what was held. */
export const SILENCE_MS = 350;

/** Bytes of one part of a clipboard's content, before base64: keys wait for no more than one. */
export const CLIPBOARD_PART_BYTES = 24 * 1024;
export const CLIPBOARD_TEXT_BYTES = 1024 * 1024;
export const CLIPBOARD_IMAGE_BYTES = 8 * 1024 * 1024;
