import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadConfig } from '../../../gateway/config/load.ts';
import { createGateway } from '../../../gateway/gateway.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';
import { freeTcpPort } from '../net/free-port.ts';
import { anOffer } from '../sdp/descriptions.ts';
import { JWT_SECRET, aToken } from './a-token.ts';
import { FakeSrs, startFakeSrs } from './fake-srs.ts';

export const HOOK_SECRET = 'a hook secret for tests';

/** One line of the gateway's log; `level` is pino's number. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly level: number;
  readonly msg: string;
};

export interface GatewayOptions {
  /** Settings beside those that every test needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** The node; a new pretended SRS when absent, the embedded engine when null. */
  readonly srs?: FakeSrs | null;
  /** Error lines that are no fault. */
  readonly expectedErrors?: RegExp;
}

/** A folder that is gone after the test. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A gateway that listens, with what a test needs to talk to it. */
export class GatewayUnderTest {
  readonly url: string;
  readonly lines: readonly LogLine[];
  readonly #close: () => Promise<void>;

  constructor(given: { url: string; lines: readonly LogLine[]; close: () => Promise<void> }) {
    this.url = given.url;
    this.lines = given.lines;
    this.#close = given.close;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Any request; `token: null` sends none. */
  request(
    method: string,
    path: string,
    given: {
      token?: string | null;
      headers?: Record<string, string>;
      body?: string | Uint8Array<ArrayBuffer>;
    } = {},
  ): Promise<Response> {
    const { token = aToken(), headers = {}, body } = given;
    const authorization: Record<string, string> =
      token === null ? {} : { authorization: `Bearer ${token}` };
    return fetch(new URL(path, this.url), {
      method,
      headers: { ...authorization, ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  }

  whip(room = 'demo', given: OfferOptions = {}): Promise<Response> {
    return this.#offer(`/whip/${room}`, { offer: anOffer('chromium-publish'), ...given });
  }

  whep(room = 'demo', given: OfferOptions = {}): Promise<Response> {
    return this.#offer(`/whep/${room}`, { offer: anOffer('chromium-watch'), ...given });
  }

  /** The JSON of an API address, which must answer 200. */
  async json(path: string, token: string): Promise<unknown> {
    const reply = await this.request('GET', path, { token });
    expect(reply.status).toBe(200);
    return await reply.json();
  }

  #offer(path: string, { offer, token, headers }: OfferOptions): Promise<Response> {
    return this.request('POST', path, {
      headers: { 'content-type': 'application/sdp', ...headers },
      ...(token === undefined ? {} : { token }),
      ...(offer === undefined ? {} : { body: offer }),
    });
  }
}

export interface OfferOptions {
  readonly offer?: string | Uint8Array<ArrayBuffer>;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** The settings of a gateway under test: free port, its own folder, known secrets. */
export const anEnvironment = (more: Readonly<Record<string, string>> = {}) => ({
  PORT: '0',
  DATA_DIR: aFolder(),
  JWT_SECRET,
  HOOK_SECRET,
  SRS_API_PASSWORD: 'node-password',
  PRINT_LINKS: 'no',
  SHUTDOWN_NOTICE_MS: '0',
  INPUT_PORT: '0',
  INPUT_CANDIDATE: '127.0.0.1',
  ICE_PROBE_SECONDS: '0',
  LOG_LEVEL: 'debug',
  RATE_LIMIT_PER_MINUTE: '100000',
  FAILED_LOGINS_PER_MINUTE: '100000',
  SUBJECT_PUBLISHES_PER_MINUTE: '100000',
  MAX_HALF_OPEN_PUBLISHES: '1000',
  ...more,
});

/** Starts a real gateway; it is closed after the test, which fails on an error line. */
export async function startGateway(
  options: GatewayOptions = {},
): Promise<{ gateway: GatewayUnderTest; srs: FakeSrs }> {
  const srs = options.srs === undefined ? await startFakeSrs() : options.srs;
  const lines: LogLine[] = [];
  const log = createLogger({
    level: 'trace',
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  const nodes: Record<string, string> = srs === null ? {} : { SRS_NODES: srs.url };
  // Clients of PUBLIC_URL come by a proxy; a test comes by the port.
  const port = options.env?.['PUBLIC_URL'] === undefined ? 0 : await freeTcpPort();
  const env = anEnvironment({ PORT: String(port), ...nodes, ...options.env });
  const created = createGateway(loadConfig(env), log);
  onTestFinished(async () => {
    await created.close();
    const { expectedErrors } = options;
    const errors = lines.filter(
      ({ level, msg }) => level >= 50 && expectedErrors?.test(msg) !== true,
    );
    expect(errors, 'the gateway logged errors').toEqual([]);
  });
  const started = await created.start();
  const url = port === 0 ? started : `http://127.0.0.1:${port}`;
  if (srs !== null)
    srs.hooks ??= { url: `${url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
  const gateway = new GatewayUnderTest({ url, lines, close: () => created.close() });
  return { gateway, srs: srs ?? new FakeSrs() };
}

/** The problem body of a refusal. */
export async function problemOf(reply: Response): Promise<Record<string, unknown>> {
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await reply.json()) as Record<string, unknown>;
}
