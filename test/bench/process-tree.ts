import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process and its descendants use at one moment; from /proc, so on Linux only. */
export interface ProcessUsage {
  /** CPU time since the start, user and system. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly fileDescriptors: number;
  readonly threads: number;
  readonly processes: number;
}

/** What one process holds at one moment. */
export interface ProcessHoldings {
  readonly rssBytes: number;
  readonly fileDescriptors: number;
  readonly sockets: number;
  readonly threads: number;
}

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly threads: number;
}

/** Sums over the process and everything below it. */
export function readProcessTree(rootPid: number): ProcessUsage {
  const stats = treeOf(rootPid);
  return {
    cpuSeconds: sum(stats, ({ cpuSeconds }) => cpuSeconds),
    rssBytes: sum(stats, ({ pid }) => rssOf(pid)),
    fileDescriptors: sum(stats, ({ pid }) => countIn(`/proc/${pid}/fd`)),
    threads: sum(stats, ({ threads }) => threads),
    processes: stats.length,
  };
}

/** Of one process; zeros when it is gone. */
export function readHoldings(pid: number): ProcessHoldings {
  const folder = `/proc/${pid}/fd`;
  return {
    rssBytes: rssOf(pid),
    fileDescriptors: countIn(folder),
    sockets: namesIn(folder).filter((name) => linkOf(`${folder}/${name}`).startsWith('socket:'))
      .length,
    threads: statOf(pid)?.threads ?? 0,
  };
}

/** Processes that this one has started and that still run. */
export function childrenOf(pid: number): number[] {
  return allProcesses()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);
}

function allProcesses(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== null);
}

function treeOf(rootPid: number): Stat[] {
  const all = allProcesses();
  const root = all.find(({ pid }) => pid === rootPid);
  if (root === undefined) throw new Error(`process ${rootPid} is gone`);
  const tree = [root];
  for (const member of tree) tree.push(...all.filter(({ parent }) => parent === member.pid));
  return tree;
}

function statOf(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`);
  // proc(5): the name in parentheses may contain anything, also parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return null;
  const field = (number: number): number => Number(fields[number - 3]);
  const cpuSeconds = (field(14) + field(15)) / TICKS_PER_SECOND;
  return { pid, parent: field(4), cpuSeconds, threads: field(20) };
}

function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '0';
  return Number(kilobytes) * 1024;
}

function countIn(folder: string): number {
  return namesIn(folder).length;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Empty when the process ended between two looks. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sum(stats: readonly Stat[], of: (stat: Stat) => number): number {
  return stats.reduce((total, stat) => total + of(stat), 0);
}
