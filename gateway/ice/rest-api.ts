import { readFileSync } from 'node:fs';
import type { Secret } from '../config/secret.ts';
import { issued, type IceProvider, type Issued, type IssueWish } from './issued.ts';
import { ProviderFailure } from './provider-failure.ts';
import { readProviderList } from './provider-list.ts';
import { askProvider } from './provider-request.ts';
import { subjectTag } from './subject-tag.ts';

export interface RestApiOptions {
  /** `{subject}` and `{ttl}` (seconds) in it are filled in. */
  readonly url: string;
  /** Value of `Authorization`, or a file with it that is read anew for each request. */
  readonly authorization: Secret | { readonly file: string } | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** An operator's own service that answers GET with a list of ICE servers. */
export class RestApi implements IceProvider {
  readonly name = 'api';
  readonly #options: RestApiOptions;

  constructor(options: RestApiOptions) {
    this.#options = options;
  }

  /** Whether its answer is for one subject. */
  static isPersonal = (url: string): boolean => url.includes('{subject}');

  async issue({ subject, lifetimeMs }: IssueWish, closing: AbortSignal): Promise<Issued> {
    const { url, now } = this.#options;
    const filled = url
      .replaceAll('{subject}', encodeURIComponent(subjectTag(subject)))
      .replaceAll('{ttl}', String(lifetimeMs / 1000));
    const askedAt = now();
    const init = { method: 'GET', headers: this.#headers() } as const;
    const { json, maxAgeSeconds } = await askProvider(filled, init, closing);
    const list = readProviderList(json);
    const kept = url.includes('{ttl}') ? { lifetimeMs } : {};
    return issued(list, { askedAt, maxAgeSeconds, ...kept });
  }

  #headers(): Record<string, string> {
    const { authorization } = this.#options;
    if (authorization === undefined) return {};
    if (!('file' in authorization)) return { authorization: authorization.reveal() };
    return { authorization: readHeader(authorization.file) };
  }
}

function readHeader(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw new ProviderFailure('The file of ICE_API_AUTHORIZATION_FILE cannot be read.');
  }
  if (/^[\x20-\x7e]{1,8192}$/.test(text)) return text;
  throw new ProviderFailure('The file of ICE_API_AUTHORIZATION_FILE has no header value.');
}
