import { expect } from 'vitest';
import { anOffer } from '../sdp/descriptions.ts';
import { violations } from '../sdp/strict-grammar.ts';
import { aToken } from './a-token.ts';
import type { FakeSrs } from './fake-srs.ts';
import { sendRaw, type RawReply } from './raw-http.ts';
import { startGateway, type GatewayOptions, type GatewayUnderTest } from './start-gateway.ts';

/** A request, line by line, so that any of it can be bent; the rest is as a good WHIP client's. */
export interface HostileRequest {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly token?: string | null;
  /** Null: none is sent. */
  readonly type?: string | null;
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  /** Whether `Content-Length` is sent; else the headers frame the body. */
  readonly length?: boolean;
  /** Whether the client asks for the connection's end; else the server has to find out. */
  readonly close?: boolean;
}

export interface Expectation {
  readonly status: readonly number[];
  /** False where node's parser or the router before CORS refuses. */
  readonly cors?: boolean;
  /** Whether a good offer came out of it, which the node may see. */
  readonly reaches?: boolean;
}

export const PAGE_ORIGIN = 'https://pages.example';

/** A gateway before a recording node, and what must hold whatever is thrown at it. */
export class HostileStage {
  readonly gateway: GatewayUnderTest;
  readonly srs: FakeSrs;
  #good = 0;

  private constructor(gateway: GatewayUnderTest, srs: FakeSrs) {
    this.gateway = gateway;
    this.srs = srs;
  }

  static async open(options: GatewayOptions = {}): Promise<HostileStage> {
    const { gateway, srs } = await startGateway(options);
    return new HostileStage(gateway, srs);
  }

  /** Sends a request and holds the reply, the node and the next good client to what is expected. */
  async throws(request: HostileRequest, expected: Expectation): Promise<RawReply> {
    const before = this.srs.signalling.length;
    const reply = await this.send(request);
    expect(expected.status).toContain(reply.status);
    if (expected.cors !== false) expectCors(reply);
    this.expectNoLeak(reply);
    if (expected.reaches !== true) expect(this.srs.signalling.slice(before)).toEqual([]);
    this.expectCleanNode();
    await this.expectGoodService();
    return reply;
  }

  async send(request: HostileRequest): Promise<RawReply> {
    const { method = 'POST', target = '/whip/demo', host = 'gateway', type } = request;
    const { token = anyRoom(), headers = [], length = true, close = true } = request;
    const body = request.body ?? (method === 'POST' ? anOffer('chromium-publish') : '');
    const lines = [
      `${method} ${target} HTTP/1.1`,
      `Host: ${host}`,
      `Origin: ${PAGE_ORIGIN}`,
      ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
      ...(type === null ? [] : [`Content-Type: ${type ?? 'application/sdp'}`]),
      ...(length ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
      ...(close ? ['Connection: close'] : []),
      ...headers,
    ];
    return await sendRaw(this.gateway.url, lines, body);
  }

  /** Neither the node's address, software and names, nor our secrets stand in a reply. */
  expectNoLeak({ status, head, body }: RawReply): void {
    const text = `${head}\n${body}`;
    expect(text).not.toContain(new URL(this.srs.url).host);
    expect(text).not.toMatch(
      /SRS|fake|service-\d|rtc\/v1|ticket|tclient|node-password|hook secret/,
    );
    expect(text).not.toMatch(/node_modules|\.ts:\d|Error:/);
    if (status >= 400) expect(text).not.toMatch(/127\.0\.0\.1|192\.0\.2\.\d|10\.\d+\.\d+\.\d+/);
  }

  /** All that ever reached the node: our URL, our headers, known lines. */
  expectCleanNode(): void {
    for (const { url, rawHeaders, body } of this.srs.offers) {
      expect(url).toMatch(OFFER_URL);
      const names = rawHeaders.filter((_, index) => index % 2 === 0);
      expect(names.map((name) => name.toLowerCase()).toSorted()).toEqual(OFFER_HEADERS);
      expect(violations(body)).toEqual([]);
    }
    for (const { url } of this.srs.deletions)
      expect(url).toMatch(/^\/rtc\/v1\/whip\/\?action=delete&/);
  }

  /** A client that does everything right is served and leaves nothing. */
  async expectGoodService(): Promise<void> {
    const room = `good-${(this.#good += 1)}`;
    const token = anyRoom();
    const reply = await this.gateway.whip(room, { token });
    expect(reply.status).toBe(201);
    const { pathname } = new URL(reply.headers.get('location') ?? '', this.gateway.url);
    expect((await this.gateway.request('DELETE', pathname, { token: null })).status).toBe(200);
  }
}

/** A token that opens every door, so that only the input is at fault. */
const anyRoom = (): string => aToken({ room: '*', can: ['admin'] });

export function expectCors({ head }: RawReply): void {
  expect(head).toMatch(/^Access-Control-Allow-Origin: (?:\*|https:\/\/pages\.example)\r?$/im);
}

const OFFER_URL =
  /^\/rtc\/v1\/wh[ie]p\/\?app=[A-Za-z0-9_-]{1,64}&stream=[A-Za-z0-9_-]{1,64}(?:&codec=(?:vp8|vp9|av1|hevc))?&ticket=[0-9a-f]{32}$/;

const OFFER_HEADERS = [
  'connection',
  'content-length',
  'content-type',
  'host',
  'x-forwarded-for',
  'x-real-ip',
];
