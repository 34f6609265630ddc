import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../host-error.ts';
import { installFromDebian, say } from '../setup/debian.ts';
import { openInBrowser } from './browser.ts';
import { freeTcpPort, freeUdpPort } from './free-port.ts';
import type { DemoOptions } from './options.ts';
import { Part } from '../supervision/part.ts';

const GATEWAY = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));
const HOST = fileURLToPath(new URL('../main.ts', import.meta.url));
/** The room whose links the gateway prints. */
const ROOM = 'demo';
const PACKAGES = [
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-ugly',
];

/** A gateway with the embedded engine and a host with the cube, each a process. */
export class Demo {
  readonly #options: DemoOptions;
  readonly #parts: Part[] = [];
  readonly #stopped = Promise.withResolvers<'stopped'>();

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** Runs until `stop`, or until a part ends by itself; an exit code. */
  async run(): Promise<number> {
    try {
      const port = await this.#choosePort('port', freeTcpPort);
      const mediaPort = await this.#choosePort('mediaPort', freeUdpPort);
      const link = Promise.withResolvers<string>();
      const gateway = this.#startGateway(port, mediaPort, link.resolve);
      const gatewayGone = gateway.ended.then((how) => {
        say(`The gateway ended (${how}).`);
        return EXIT_CODES.gateway;
      });
      const host = link.promise.then((url) => this.#show(url, `http://127.0.0.1:${port}`));
      const over = await Promise.race([this.#stopped.promise, gatewayGone, host]);
      return over === 'stopped' ? 0 : over;
    } finally {
      for (const part of this.#parts.toReversed()) await part.stop();
    }
  }

  /** Ends the host, then the gateway, then `run`. */
  stop(): void {
    this.#stopped.resolve('stopped');
  }

  async #choosePort(
    name: 'port' | 'mediaPort',
    free: (wished: number) => Promise<number>,
  ): Promise<number> {
    const wished = this.#options[name];
    const port = await free(wished);
    if (wished !== 0 && port !== wished) {
      say(`Port ${wished} (${name === 'port' ? 'TCP' : 'UDP'}) is in use; ${port} is taken.`);
    }
    return port;
  }

  #startGateway(port: number, mediaPort: number, onLink: (link: string) => void): Part {
    const environment = {
      LOG_LEVEL: 'warn',
      ...this.#options.environment,
      ...{ HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: '', PRINT_LINKS: 'true' },
      ...{ MEDIA_PORT: String(mediaPort), SRS_NODES: '', SRS_API_URL: '' },
      ...{ TLS_CERT_FILE: '', TLS_KEY_FILE: '', HTTP_REDIRECT_PORT: '' },
    };
    const onLine = (line: string): void => {
      const [, link] = /^ +Watch it +(\S+)$/.exec(line) ?? [];
      if (link !== undefined) onLink(link);
      // What is no greeting is a log line.
      else if (!/^( |$|PixelCast )/.test(line)) say(line);
    };
    return this.#start(new Part({ command: [process.execPath, GATEWAY], environment, onLine }));
  }

  /** Shows the link and publishes to it; resolves with the host's exit code. */
  async #show(link: string, gatewayUrl: string): Promise<number> {
    say(`\nWatch the cube at\n\n  ${link}\n\nCtrl+C ends the demo.\n`);
    if (this.#options.opens && !(await openInBrowser(link, this.#options.environment))) {
      say('No browser could be opened here: open the link in one on this machine.');
    }
    const code = await this.#publish(gatewayUrl);
    if (code !== EXIT_CODES['software-missing']) return code;
    return installFromDebian('GStreamer', PACKAGES) ? this.#publish(gatewayUrl) : code;
  }

  async #publish(gatewayUrl: string): Promise<number> {
    // The one with the lowest latency, whatever else is installed (decision 31).
    const publishing = ['--publisher', 'native', '--gateway', gatewayUrl, '--room', ROOM];
    const argv = ['--source', 'cube', ...publishing];
    const host = this.#start(
      new Part({
        command: [process.execPath, HOST, ...argv],
        environment: this.#options.environment,
        onLine: say,
      }),
    );
    const how = await host.ended;
    return typeof how === 'number' ? how : EXIT_CODES.media;
  }

  #start(part: Part): Part {
    this.#parts.push(part);
    return part;
  }
}
