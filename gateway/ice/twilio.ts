import type { Secret } from '../config/secret.ts';
import { issued, type IceProvider, type Issued, type IssueWish } from './issued.ts';
import { readProviderList } from './provider-list.ts';
import { askProvider } from './provider-request.ts';

export interface TwilioOptions {
  readonly apiUrl: string;
  readonly accountSid: string;
  readonly authToken: Secret;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Twilio's Network Traversal Service, and what speaks the same: a token for each who asks. */
export class Twilio implements IceProvider {
  readonly name = 'twilio';
  readonly #options: TwilioOptions;

  constructor(options: TwilioOptions) {
    this.#options = options;
  }

  async issue({ lifetimeMs }: IssueWish, closing: AbortSignal): Promise<Issued> {
    const { apiUrl, accountSid, authToken, now } = this.#options;
    const askedAt = now();
    const login = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString('base64');
    const url = `${apiUrl}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Tokens.json`;
    const headers = {
      authorization: `Basic ${login}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const body = new URLSearchParams({ Ttl: String(lifetimeMs / 1000) }).toString();
    const { json } = await askProvider(url, { method: 'POST', headers, body }, closing);
    return issued(readProviderList(json), { askedAt, lifetimeMs });
  }
}
