import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A command's output, or an error with all that it printed. */
export function docker(...args: readonly string[]): Promise<string> {
  return run(args, process.env);
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn('docker', args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text));
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0) resolve(output.trim());
    else reject(new Error(`docker ${args.join(' ')} ended with ${code}:\n${all.trim()}`));
  });
  return promise;
}

export interface ComposeOptions {
  readonly http: number;
  readonly media: number;
  readonly input: number;
  /** Variables of docker-compose.yml. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The repository's docker-compose.yml as a project of its own, on ports of its own. */
export class ComposeProject {
  readonly name: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(name: string, { http, media, input, settings = {} }: ComposeOptions) {
    this.name = name;
    const ports = {
      HTTP_PORT: String(http),
      MEDIA_PORT: String(media),
      INPUT_PORT: String(input),
    };
    this.#env = { ...process.env, ...settings, ...ports };
  }

  /** `docker compose …`; a `.env` that lies about is not read. */
  compose(...args: readonly string[]): Promise<string> {
    return run(['compose', '--env-file', '/dev/null', '-p', this.name, ...args], this.#env);
  }

  /** A command in a running container, without a shell. */
  exec(service: string, ...command: readonly string[]): Promise<string> {
    return this.compose('exec', '-T', service, ...command);
  }

  async inspect(service: string, format: string): Promise<string> {
    const id = await this.compose('ps', '--all', '--quiet', service);
    return await docker('inspect', '--format', format, id);
  }

  imageOf(service: string): string {
    return `${this.name}-${service}`;
  }

  /** Stops it and removes its containers, network, volume and images. */
  async remove(): Promise<void> {
    await this.compose('--profile', '*', 'down', '--volumes', '--rmi', 'local', '--timeout', '20');
  }

  /** Containers, volumes and networks that carry the project's label. */
  async leftovers(): Promise<readonly string[]> {
    const filter = `label=com.docker.compose.project=${this.name}`;
    const lists = await Promise.all([
      docker('ps', '--all', '--quiet', '--filter', filter),
      docker('volume', 'ls', '--quiet', '--filter', filter),
      docker('network', 'ls', '--quiet', '--filter', filter),
    ]);
    return lists.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  }
}
