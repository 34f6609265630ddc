import { availableParallelism, cpus, freemem, loadavg, totalmem, uptime } from 'node:os';
import { cwd } from 'node:process';
import type { Roster } from '../roster.ts';
import type { Traffic } from '../traffic.ts';
import { EventLoopDelay } from './event-loop-delay.ts';

interface CpuSample {
  readonly at: number;
  readonly processMs: number;
  readonly busyMs: number;
  readonly totalMs: number;
}

/** Numbers about this process and its machine, in SRS's units: kilobytes, percents from 0 to 1. */
export class Machine {
  readonly #loop = new EventLoopDelay();
  #last = takeSample();
  #processShare = 0;
  #systemShare = 0;

  /** Call every 5 s: shares of CPU time are of one such window, the event loop's delay of two. */
  sample(): void {
    this.#loop.rotate();
    const now = takeSample();
    const elapsedMs = now.at - this.#last.at;
    const totalMs = now.totalMs - this.#last.totalMs;
    if (elapsedMs > 0) this.#processShare = (now.processMs - this.#last.processMs) / elapsedMs;
    if (totalMs > 0) this.#systemShare = (now.busyMs - this.#last.busyMs) / totalMs;
    this.#last = now;
  }

  close(): void {
    this.#loop.close();
  }

  /** The share of one core that this process used lately. */
  get processShare(): number {
    return rounded(this.#processShare);
  }

  /** What this engine has no number for is 0; only what SRS's members promise is given. */
  summaries(version: string, roster: Roster, traffic: Readonly<Traffic>): object {
    const [load1, load5, load15] = loadavg();
    const nowMs = Date.now();
    const { rss, heapUsed, external } = process.memoryUsage();
    return {
      ok: true,
      now_ms: nowMs,
      self: {
        version,
        pid: process.pid,
        ppid: process.ppid,
        argv: process.argv.slice(1).join(' '),
        cwd: cwd(),
        mem_kbyte: kilobytes(rss),
        mem_percent: rounded(rss / totalmem()),
        cpu_percent: this.processShare,
        srs_uptime: Math.floor(process.uptime()),
        // Not SRS's: what a process of JavaScript is judged by.
        event_loop_delay_p50_ms: this.#loop.p50Ms,
        event_loop_delay_p99_ms: this.#loop.p99Ms,
        heap_used_bytes: heapUsed,
        external_bytes: external,
      },
      system: {
        cpu_percent: rounded(this.#systemShare),
        disk_read_KBps: 0,
        disk_write_KBps: 0,
        disk_busy_percent: 0,
        mem_ram_kbyte: kilobytes(totalmem()),
        mem_ram_percent: rounded(1 - freemem() / totalmem()),
        mem_swap_kbyte: 0,
        mem_swap_percent: 0,
        cpus: cpus().length,
        cpus_online: availableParallelism(),
        uptime: uptime(),
        ilde_time: 0,
        load_1m: load1,
        load_5m: load5,
        load_15m: load15,
        net_sample_time: nowMs,
        net_recv_bytes: 0,
        net_send_bytes: 0,
        net_recvi_bytes: 0,
        net_sendi_bytes: 0,
        srs_sample_time: nowMs,
        srs_recv_bytes: roster.meter.receivedBytes,
        srs_send_bytes: roster.meter.sentBytes,
        conn_sys: 0,
        conn_sys_et: 0,
        conn_sys_tw: 0,
        conn_sys_udp: 0,
        conn_srs: roster.clientCount(),
      },
      // Not SRS's.
      rtc: { streams: roster.streamCount(), packets: { ...traffic } },
    };
  }

  rusages(): object {
    const usage = process.resourceUsage();
    return {
      ok: true,
      sample_time: Date.now(),
      ru_utime: Math.floor(usage.userCPUTime / 1e6),
      ru_stime: Math.floor(usage.systemCPUTime / 1e6),
      ru_maxrss: usage.maxRSS,
      ru_minflt: usage.minorPageFault,
      ru_majflt: usage.majorPageFault,
      ru_inblock: usage.fsRead,
      ru_oublock: usage.fsWrite,
      ru_nvcsw: usage.voluntaryContextSwitches,
      ru_nivcsw: usage.involuntaryContextSwitches,
    };
  }

  selfProcStats(): object {
    return {
      ok: true,
      sample_time: Date.now(),
      percent: this.processShare,
      pid: process.pid,
      comm: process.title,
      state: 'R',
      ppid: process.ppid,
      vsize: 0,
      rss: Math.floor(process.memoryUsage.rss() / 4096),
    };
  }

  memInfos(): object {
    return {
      ok: true,
      sample_time: Date.now(),
      percent_ram: rounded(1 - freemem() / totalmem()),
      percent_swap: 0,
      MemTotal: kilobytes(totalmem()),
      MemFree: kilobytes(freemem()),
    };
  }
}

function takeSample(): CpuSample {
  const usage = process.cpuUsage();
  const times = cpus().map((cpu) => cpu.times);
  const idleMs = times.reduce((sum, time) => sum + time.idle, 0);
  const totalMs = times.reduce(
    (sum, time) => sum + time.user + time.nice + time.sys + time.irq + time.idle,
    0,
  );
  return {
    at: performance.now(),
    processMs: (usage.user + usage.system) / 1000,
    busyMs: totalMs - idleMs,
    totalMs,
  };
}

const kilobytes = (bytes: number): number => Math.floor(bytes / 1024);
const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;
