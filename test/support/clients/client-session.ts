/** Where a client goes, and with which token. */
export interface Destination {
  readonly url: string;
  readonly token: string;
}

/** A session of a public client, as its page keeps it. */
export interface ClientSession {
  stop(): Promise<void>;
}
