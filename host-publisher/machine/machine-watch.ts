import { cpus, freemem, totalmem } from 'node:os';
import type { HostMachine } from '../../gateway/protocol/host.ts';
import { readGpus } from './gpu.ts';

const INTERVAL_MS = 5_000;

interface CpuTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

/** Tells every 5 s how busy this machine is; a card whose tool hangs is asked again when it has answered. */
export class MachineWatch {
  readonly #tell: (machine: HostMachine) => void;
  #before = cpuTimes();
  #looking = false;
  readonly #timer: NodeJS.Timeout;

  constructor(tell: (machine: HostMachine) => void) {
    this.#tell = tell;
    this.#timer = setInterval(() => void this.#look(), INTERVAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const gpus = (await readGpus()).slice(0, 8);
    this.#looking = false;
    const now = cpuTimes();
    const cpu = cpuShare(this.#before, now);
    this.#before = now;
    this.#tell({ cpu, memory: 1 - freemem() / totalmem(), gpus: [...gpus] });
  }
}

/** The share of all cores that was busy between two looks, 0 to 1. */
export function cpuShare(before: CpuTimes, now: CpuTimes): number {
  const allMs = now.allMs - before.allMs;
  return allMs > 0 ? Math.min(1, Math.max(0, (now.busyMs - before.busyMs) / allMs)) : 0;
}

function cpuTimes(): CpuTimes {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (read: (each: (typeof times)[number]) => number) =>
    times.reduce((total, each) => total + read(each), 0);
  const idleMs = sum(({ idle }) => idle);
  const allMs = sum(({ user, nice, sys, irq, idle }) => user + nice + sys + irq + idle);
  return { busyMs: allMs - idleMs, allMs };
}
