import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** First three numbers of the network, so that a real node can announce `outside`: `<net>.1`. */
export const GIVEN_NET = process.env['E2E_WALL_NET'];

const run = (command: string, ...args: string[]): void =>
  void execFileSync(command, args, { stdio: 'pipe' });

/** Why there can be no {@link WalledNetwork} here; null where there can. */
export function whyNoWall(): string | null {
  if (process.env['E2E_WALL'] === 'off') return 'E2E_WALL=off';
  try {
    const network = new WalledNetwork();
    try {
      network.blockUdp();
    } finally {
      network.close();
    }
    return null;
  } catch (error) {
    return `network namespaces and iptables are needed (Linux, as root): ${String(error)}`;
  }
}

/** A network of its own with one cable to this machine, behind a wall that can stop UDP. */
export class WalledNetwork {
  /** This machine, as seen from inside. */
  readonly outside: string;
  readonly #net: string;
  readonly #inner: string;
  #host = 2;
  readonly #name = `pxwall-${randomBytes(3).toString('hex')}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pixelcast-wall-'));

  constructor() {
    const id = this.#name.slice(-6);
    const [outer, inner] = [`pxo${id}`, `pxi${id}`];
    this.#inner = inner;
    this.#net = GIVEN_NET ?? `10.78.${randomInt(1, 255)}`;
    this.outside = `${this.#net}.1`;
    try {
      run('ip', 'netns', 'add', this.#name);
      run('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', this.#name);
      run('ip', 'addr', 'add', `${this.outside}/24`, 'dev', outer);
      run('ip', 'link', 'set', outer, 'up');
      this.#inside('ip', 'link', 'set', inner, 'up');
      this.#inside('ip', 'link', 'set', 'lo', 'up');
      this.#arrive();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A program that starts `path` inside, with whatever arguments it is given. */
  launcher(path: string): string {
    const script = join(this.#folder, 'inside');
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${this.#name} '${path}' "$@"\n`);
    chmodSync(script, 0o755);
    return script;
  }

  /** From now on no datagram passes, in either direction; nobody is told. */
  blockUdp(): void {
    this.#inside('iptables', '-A', 'INPUT', '!', '-i', 'lo', '-p', 'udp', '-j', 'DROP');
    this.#inside('iptables', '-A', 'OUTPUT', '!', '-o', 'lo', '-p', 'udp', '-j', 'DROP');
  }

  /** From now on no datagram passes but those to and from a port outside. */
  blockUdpBut(port: number): void {
    const but = (side: 'sport' | 'dport') => ['-p', 'udp', '!', `--${side}`, String(port)];
    this.#inside('iptables', '-A', 'INPUT', '!', '-i', 'lo', ...but('sport'), '-j', 'DROP');
    this.#inside('iptables', '-A', 'OUTPUT', '!', '-o', 'lo', ...but('dport'), '-j', 'DROP');
  }

  /** Datagrams to one port of `outside` go to another one there; neither end notices. */
  divertUdp(port: number, to: number): void {
    const rule = ['-p', 'udp', '-d', this.outside, '--dport', String(port)];
    const target = ['-j', 'DNAT', '--to-destination', `${this.outside}:${to}`];
    this.#inside('iptables', '-t', 'nat', '-A', 'OUTPUT', ...rule, ...target);
  }

  /** The machine inside loses its address and gets another one, as with another Wi-Fi. */
  changeAddress(): void {
    this.#inside('ip', 'addr', 'flush', 'dev', this.#inner);
    this.#host += 1;
    this.#arrive();
  }

  allowUdp(): void {
    this.#inside('iptables', '-F');
  }

  /** Takes the network down, with its cable. Idempotent. */
  close(): void {
    try {
      run('ip', 'netns', 'del', this.#name);
    } catch {
      // It is gone, or never was.
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #arrive(): void {
    this.#inside('ip', 'addr', 'add', `${this.#net}.${this.#host}/24`, 'dev', this.#inner);
    this.#inside('ip', 'route', 'add', 'default', 'via', this.outside);
  }

  #inside(...command: string[]): void {
    run('ip', 'netns', 'exec', this.#name, ...command);
  }
}
