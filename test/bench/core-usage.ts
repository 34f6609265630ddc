import { readFileSync } from 'node:fs';

/** Busy seconds of one core since boot, whoever used them; from /proc/stat. */
export function readBusySeconds(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (line ?? '')
    .split(' ')
    .map(Number);
  // USER_HZ is 100.
  return (user + nice + system + irq + softirq) / 100;
}
