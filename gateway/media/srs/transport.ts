import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../../errors.ts';
import type { NodeOffer } from '../node.ts';

/** A node's reply, read to the end. */
export interface NodeReply {
  readonly status: number;
  readonly contentType: string;
  readonly location: string;
  readonly text: string;
}

/** Largest body taken from a node: an answer has 2 to 8 KiB (X33). */
const MAX_ANSWER_BYTES = 64 * 1024;
/** A list of 10,000 clients has about 4 MiB. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** A hook may take 30 s before the node answers an offer (srs.md §15); nothing else waits for one. */
const OFFER_TIMEOUT_MS = 35_000;
const API_TIMEOUT_MS = 3_000;
/** For a whole body, however slowly it drips (X33). */
const BODY_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** A stop or a common expiry may end thousands of sessions at once, and SRS has one thread. */
const DELETES_AT_ONCE = 32;

/**
 * HTTP to one node. Signalling uses one connection per request: on a reused one SRS gives all
 * sessions the same client id (srs.md P7). API calls share a small pool.
 */
export class NodeTransport {
  readonly #apiUrl: string;
  readonly #signallingUrl: string;
  readonly #authorization: string | undefined;
  readonly #offers: Agent;
  readonly #deletes: Agent;
  readonly #api: Agent;

  constructor(options: {
    apiUrl: string;
    signallingUrl: string;
    user: string | undefined;
    password: string | undefined;
  }) {
    this.#apiUrl = options.apiUrl;
    this.#signallingUrl = options.signallingUrl;
    this.#authorization =
      options.user === undefined
        ? undefined
        : `Basic ${Buffer.from(`${options.user}:${options.password ?? ''}`).toString('base64')}`;
    const connect = { timeout: CONNECT_TIMEOUT_MS };
    const signalling = {
      connect,
      pipelining: 0,
      headersTimeout: API_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
      maxResponseSize: MAX_ANSWER_BYTES,
    };
    this.#offers = new Agent(signalling);
    this.#deletes = new Agent({ ...signalling, connections: DELETES_AT_ONCE });
    this.#api = new Agent({
      connect,
      connections: 4,
      headersTimeout: API_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
      maxResponseSize: MAX_LIST_BYTES,
    });
  }

  /** POST of an offer; `pathAndQuery` is sent byte for byte. */
  async post(
    pathAndQuery: string,
    { sdp, address, headers = {} }: Pick<NodeOffer, 'sdp' | 'address' | 'headers'>,
  ): Promise<NodeReply> {
    return await this.#send(this.#offers, this.#signallingUrl + pathAndQuery, {
      method: 'POST',
      headers: { ...headers, ...hop(address), 'content-type': 'application/sdp' },
      body: sdp,
      headersTimeout: OFFER_TIMEOUT_MS,
    });
  }

  /** DELETE of a session; SRS does not percent-decode, so the URL goes out as it came. */
  async delete(pathAndQuery: string): Promise<NodeReply> {
    return await this.#send(this.#deletes, this.#signallingUrl + pathAndQuery, {
      method: 'DELETE',
      headers: hop('127.0.0.1'),
    });
  }

  /** A call of the HTTP API, as parsed JSON. */
  async api(method: 'GET' | 'PUT' | 'DELETE', path: string): Promise<unknown> {
    const reply = await this.#send(this.#api, this.#apiUrl + path, {
      method,
      headers: this.#authorization === undefined ? {} : { authorization: this.#authorization },
    });
    if (reply.status === 401) {
      throw new GatewayError('node-unavailable', 'The media server refuses our API password.');
    }
    try {
      return JSON.parse(reply.text);
    } catch (cause) {
      throw new GatewayError('node-unavailable', 'The media server did not answer in JSON.', {
        cause,
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#offers.destroy(), this.#deletes.destroy(), this.#api.destroy()]);
  }

  async #send(
    dispatcher: Dispatcher,
    url: string,
    options: {
      method: 'GET' | 'POST' | 'PUT' | 'DELETE';
      headers: Record<string, string>;
      body?: string;
      headersTimeout?: number;
    },
  ): Promise<NodeReply> {
    const reply = await request(url, { ...options, dispatcher });
    return {
      status: reply.statusCode,
      contentType: single(reply.headers['content-type']),
      location: single(reply.headers['location']),
      text: await readWhole(reply.body),
    };
  }
}

async function readWhole(body: Dispatcher.ResponseData['body']): Promise<string> {
  const timer = setTimeout(
    () => body.destroy(new Error('the body took too long')),
    BODY_TIMEOUT_MS,
  );
  try {
    return await body.text();
  } catch (cause) {
    throw new GatewayError('upstream-rejected', 'The media server’s answer cannot be read.', {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Host is fixed, because SRS announces it as a candidate (P9); so is the one client address. */
const hop = (address: string): Record<string, string> => ({
  host: 'localhost',
  connection: 'close',
  'x-forwarded-for': address,
  'x-real-ip': address,
});

const single = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value[0] : value) ?? '';
