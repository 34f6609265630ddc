import type { RemoteTransport } from './offer.ts';

/**
 * The offer that the library sees instead of the client's: one video track as a pipe, and
 * nothing from outside but three checked values. `active` makes us the DTLS server: browsers
 * then choose AES-GCM.
 */
export const libraryOffer = (remote: RemoteTransport): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${remote.ufrag}`,
    `a=ice-pwd:${remote.pwd}`,
    `a=fingerprint:${remote.fingerprint}`,
    `a=setup:${remote.dtlsServer ? 'passive' : 'active'}`,
    '',
  ].join('\r\n');
