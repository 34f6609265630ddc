import { z } from 'zod';

/** Why a session ended, in the words of the API and the log. */
export const EndReason = z.enum([
  'client', // DELETE of the session URL, or its socket said goodbye
  'left', // the media server saw the peer leave or time out, or its socket was lost
  'never-connected', // a publisher whose ICE or DTLS did not come up
  'kicked',
  'replaced', // the same person published the same source again
  'expired', // the token ran out
  'revoked', // the token was taken back
  'refused', // the offer never became a session
  'broke-protocol', // what came on its socket breaks the protocol, or was too much
  'node-lost', // the media server restarted or vanished
  'moved', // its source or itself goes on at another media server
  'shutdown',
]);
export type EndReason = z.infer<typeof EndReason>;
