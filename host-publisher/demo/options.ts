import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Environment } from '../config/settings.ts';
import { HostError } from '../host-error.ts';

/** What `npm run demo` was asked for. */
export interface DemoOptions {
  readonly help: boolean;
  /** TCP port of the gateway and UDP port of its engine; 0: any free one. */
  readonly port: number;
  readonly mediaPort: number;
  /** Whether to open a browser. */
  readonly opens: boolean;
  /** Of the demo, which its parts inherit. */
  readonly environment: Environment;
}

export const DEMO_USAGE = `PixelCast's demo: a gateway with its media engine, and a turning cube published to it by GStreamer.

  npm run demo -- [options]

  --port <port>     TCP port of the gateway; PORT does the same               8080
  --no-open         print the link, and leave the browser alone
  --help            this text

Settings of the gateway (README.md) and of the host (npm run host -- --help) hold here too. A port
that is in use is replaced by a free one. Ctrl+C ends everything.
`;

const OPTIONS = {
  port: { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535));

/** @throws HostError `usage` */
export function readDemoOptions(
  argv: readonly string[] = process.argv.slice(2),
  environment: Environment = process.env,
): DemoOptions {
  const values = parse(argv);
  return {
    help: values.help,
    port: readPort('--port', values.port ?? (environment['PORT'] || '8080')),
    mediaPort: readPort('MEDIA_PORT', environment['MEDIA_PORT'] || '8000'),
    opens: !values['no-open'],
    environment,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new HostError('usage', `${sentence}. See npm run demo -- --help`);
  }
}

function readPort(name: string, given: string): number {
  const port = Port.safeParse(given);
  if (port.success) return port.data;
  throw new HostError('usage', `${name} must be a port, 0 to 65535.`);
}
