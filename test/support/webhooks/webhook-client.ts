import { expect } from 'vitest';
import type {
  DeliveryDetail,
  DeliveryView,
  WebhookReply,
  WebhookView,
} from '../../../gateway/protocol/api/webhooks.ts';
import { anAdminToken } from '../gateway/a-token.ts';

const PATH = '/api/v1/webhooks';

interface Call {
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly token?: string;
}

/** An administrator's client of webhooks. */
export class WebhookClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  call(method: string, path: string, { body, headers, token }: Call = {}): Promise<Response> {
    return fetch(`${this.#url}${PATH}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token ?? anAdminToken()}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async create(body: object): Promise<WebhookReply> {
    return await this.#json('POST', '', 201, { body });
  }

  async get(id: string): Promise<WebhookView> {
    return await this.#json('GET', `/${id}`, 200);
  }

  async change(id: string, body: object): Promise<WebhookView> {
    return await this.#json('PATCH', `/${id}`, 200, { body, headers: { 'if-match': '*' } });
  }

  async rotate(id: string, overlapSeconds: number): Promise<string> {
    const body = { overlapSeconds };
    const reply = await this.#json<{ secret: string }>('POST', `/${id}/rotate`, 200, { body });
    return reply.secret;
  }

  async test(id: string): Promise<DeliveryDetail> {
    return await this.#json('POST', `/${id}/test`, 200);
  }

  async deliveries(id: string, query = ''): Promise<{ items: DeliveryView[]; total: number }> {
    return await this.#json('GET', `/${id}/deliveries?limit=200${query}`, 200);
  }

  async replay(id: string, delivery: string): Promise<DeliveryView> {
    return await this.#json('POST', `/${id}/deliveries/${delivery}/replay`, 201);
  }

  async #json<T>(method: string, path: string, status: number, call: Call = {}): Promise<T> {
    const reply = await this.call(method, path, call);
    const text = await reply.text();
    expect(reply.status, text).toBe(status);
    return JSON.parse(text) as T;
  }
}
