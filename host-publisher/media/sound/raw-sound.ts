/** Sound before it is encoded. */
export const RAW_SOUND = 'audio/x-raw,rate=48000,channels=2';
