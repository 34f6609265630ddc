import type { RequestListener } from 'node:http';
import type { Config } from './config/load.ts';
import type { Records } from './http/problem.ts';
import { createRedirectApp } from './http/redirect.ts';
import { HttpServer } from './http/server.ts';
import type { Service } from './lifecycle.ts';
import { Networks } from './limits/networks.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';

/** What clients connect to: HTTP, or HTTPS with its certificate files and a plain port beside it. */
export class Listeners implements Service {
  readonly name = 'http';
  readonly #main: HttpServer;
  readonly #redirect: HttpServer | undefined;
  readonly #certificates: CertificateWatch | undefined;
  #port: number;

  /** `isPeer`: whether an address is another gateway's. */
  constructor(
    config: Config,
    app: RequestListener,
    { isPeer, ...records }: Records & { readonly isPeer: (address: string) => boolean },
  ) {
    const trusted = new Networks(config.TRUSTED_PROXIES);
    const common = {
      host: config.HOST,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      trustedProxies: { has: (address: string) => trusted.has(address) || isPeer(address) },
    };
    this.#port = config.PORT;
    this.#main = new HttpServer(
      { ...common, port: config.PORT, tls: config.tls?.certificate },
      app,
    );
    const { tls, PUBLIC_URL: publicUrl, HTTP_REDIRECT_PORT: redirectPort } = config;
    this.#certificates =
      tls &&
      new CertificateWatch({
        files: tls.files,
        log: records.log,
        use: (certificate) => this.#main.setCertificate(certificate),
      });
    this.#redirect =
      redirectPort === undefined
        ? undefined
        : new HttpServer(
            { ...common, port: redirectPort, tls: undefined },
            createRedirectApp({ publicUrl, httpsPort: () => this.#port, ...records }),
          );
  }

  /** Of HTTP, or HTTPS where that is on. */
  get port(): number {
    return this.#port;
  }

  /** Addresses that have a connection now. */
  get addresses(): number {
    return this.#main.addresses + (this.#redirect?.addresses ?? 0);
  }

  async start(): Promise<void> {
    this.#port = await this.#main.listen();
    await this.#redirect?.listen();
    this.#certificates?.start();
  }

  /** Reads the certificate files anew. */
  reload(): void {
    this.#certificates?.reload();
  }

  async close(): Promise<void> {
    this.#certificates?.close();
    await Promise.all([this.#main.close(), this.#redirect?.close()]);
  }
}
