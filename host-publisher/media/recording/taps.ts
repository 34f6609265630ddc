/** Names of the sinks that encoded picture and sound are recorded from. */
export const RECORD_SINKS = { picture: 'record-picture', sound: 'record-sound' } as const;

/** More than a second waits here only while JavaScript hangs; it never holds the publication up. */
const SINK = 'sync=false async=false drop=true max-buffers=500';

/** Splits an encoded stream of a pipeline: aside to be recorded, and on to what follows. */
export function tapped(encoded: string, of: keyof typeof RECORD_SINKS): string {
  const tee = `${RECORD_SINKS[of]}-tee`;
  return `${encoded} ! tee name=${tee} ${tee}. ! appsink name=${RECORD_SINKS[of]} ${SINK} ${tee}. !`;
}
