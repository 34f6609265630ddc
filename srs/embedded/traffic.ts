/** Packets of all sessions since the engine started, RTP and RTCP. */
export class Traffic {
  received = 0;
  sent = 0;
  /** The network took them not: its buffer was full, or the session was about to end. */
  unsent = 0;
  /** Given up because sending could not keep up, each for all its receivers. */
  overdue = 0;
  /** Did not come from publishers in time, and were asked for. */
  missed = 0;
  /** Asked for again by viewers, and sent again. */
  wanted = 0;
  resent = 0;
}
