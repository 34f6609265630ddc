import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, read, write } from 'node:fs';
import koffi from 'koffi';

const TUNSETIFF = 0x4004_54ca;
const TUN_WITHOUT_HEADER = 0x1001;

export const ENDS = [
  { name: 'pixelcast-a', address: '10.77.0.1' },
  { name: 'pixelcast-b', address: '10.77.0.2' },
] as const;

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'ignore' });

/**
 * Two network namespaces with a path between them that takes its time and loses packets: tun devices
 * and this process, so that TCP and UDP are the kernel's own. Linux, as root. TCP is CUBIC there.
 */
export class LossyPath {
  /** Share of packets lost each way, 0 to 1. */
  loss = 0;
  readonly #delayMs: number;
  readonly #devices: number[] = [];
  #open = true;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
    const ioctl = koffi.load('libc.so.6').func('int ioctl(int fd, unsigned long request, ...)');
    for (const { name, address } of ENDS) {
      ip('netns', 'add', name);
      const device = openSync('/dev/net/tun', constants.O_RDWR);
      const request = Buffer.alloc(40);
      request.write(name);
      request.writeUInt16LE(TUN_WITHOUT_HEADER, 16);
      if (ioctl(device, TUNSETIFF, 'void *', request) !== 0) throw new Error('no tun device');
      this.#devices.push(device);
      ip('link', 'set', name, 'netns', name);
      const inside = (...args: string[]): void => ip('netns', 'exec', name, 'ip', ...args);
      inside('link', 'set', 'lo', 'up');
      inside('addr', 'add', `${address}/24`, 'dev', name);
      inside('link', 'set', name, 'up');
      inside('route', 'replace', '10.77.0.0/24', 'dev', name, 'congctl', 'cubic');
    }
    const [a = -1, b = -1] = this.#devices;
    this.#carry(a, b);
    this.#carry(b, a);
  }

  close(): void {
    this.#open = false;
    for (const { name } of ENDS) ip('netns', 'del', name);
    for (const device of this.#devices) closeSync(device);
  }

  #carry(from: number, to: number): void {
    const buffer = Buffer.alloc(2048);
    read(from, buffer, 0, buffer.length, null, (error, bytes) => {
      if (error !== null || !this.#open) return;
      if (Math.random() >= this.loss) {
        const packet = Buffer.from(buffer.subarray(0, bytes));
        setTimeout(() => this.#open && write(to, packet, () => undefined), this.#delayMs);
      }
      this.#carry(from, to);
    });
  }
}
