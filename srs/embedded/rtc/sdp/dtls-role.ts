export type Setup = 'actpass' | 'active' | 'passive';

/** libwebrtc (Chromium, Safari): 4 and 24 base64 characters. Firefox: 8 and 32 hex digits. */
const isBrowser = (ufrag: string, pwd: string): boolean =>
  (ufrag.length === 4 && pwd.length === 24) ||
  (/^[0-9a-f]{8}$/.test(ufrag) && /^[0-9a-f]{32}$/.test(pwd));

/**
 * Whether the client is to be the DTLS server. A browser that may choose is not: as the client
 * it agrees on AES-GCM, and repeats a lost ClientHello after 50 ms. Other stacks repeat it after
 * a second, and theirs is lost when it overtakes our ICE check (1,000 ms instead of 50 to
 * connect); there we send the ClientHello.
 */
export const clientIsDtlsServer = (setup: Setup, ice: { ufrag: string; pwd: string }): boolean =>
  setup === 'passive' || (setup === 'actpass' && !isBrowser(ice.ufrag, ice.pwd));
