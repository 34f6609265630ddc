/** What a session does, and so which protocol: WHIP publishes, WHEP watches. */
export type Kind = 'publish' | 'watch';

export const PROTOCOL = { publish: 'WHIP', watch: 'WHEP' } as const;

export interface Endpoint {
  readonly url: string;
  readonly token: string | null;
}
