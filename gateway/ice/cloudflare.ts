import type { Secret } from '../config/secret.ts';
import type { IceServer } from '../protocol/ice.ts';
import { issued, type IceProvider, type Issued, type IssueWish } from './issued.ts';
import { readProviderList } from './provider-list.ts';
import { askProvider } from './provider-request.ts';
import { subjectTag } from './subject-tag.ts';

export interface CloudflareOptions {
  readonly apiUrl: string;
  readonly keyId: string;
  readonly apiToken: Secret;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Cloudflare Realtime TURN: credentials by `generate-ice-servers`, taken back by `revoke`. */
export class Cloudflare implements IceProvider {
  readonly name = 'cloudflare';
  readonly #options: CloudflareOptions;

  constructor(options: CloudflareOptions) {
    this.#options = options;
  }

  async issue({ subject, lifetimeMs }: IssueWish, closing: AbortSignal): Promise<Issued> {
    const askedAt = this.#options.now();
    const wish = { ttl: lifetimeMs / 1000, customIdentifier: subjectTag(subject) };
    const { json } = await this.#post('generate-ice-servers', closing, JSON.stringify(wish));
    const { servers, ttlSeconds } = readProviderList(json);
    const usable = servers.map(withoutPort53).filter(({ urls }) => urls.length > 0);
    return issued({ servers: usable, ttlSeconds }, { askedAt, lifetimeMs });
  }

  async revoke(servers: readonly IceServer[], closing: AbortSignal): Promise<void> {
    const names = new Set(servers.flatMap(({ username }) => username ?? []));
    for (const name of names) await this.#post(`${encodeURIComponent(name)}/revoke`, closing);
  }

  #post(action: string, closing: AbortSignal, body?: string) {
    const { apiUrl, keyId, apiToken } = this.#options;
    const url = `${apiUrl}/v1/turn/keys/${encodeURIComponent(keyId)}/credentials/${action}`;
    const headers = {
      authorization: `Bearer ${apiToken.reveal()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return askProvider(
      url,
      { method: 'POST', headers, ...(body === undefined ? {} : { body }) },
      closing,
    );
  }
}

/** Browsers do not connect to it, and wait for it in vain. */
const withoutPort53 = (server: IceServer): IceServer => ({
  ...server,
  urls: server.urls.filter((url) => !/:53(\?|$)/.test(url)),
});
