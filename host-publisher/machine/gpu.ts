import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GpuLoad } from '../../gateway/protocol/host.ts';
import { askIntel, parseIntel } from './intel-gpu.ts';

/** A driver that hangs takes its tool along. */
const TOOL_TIMEOUT_MS = 2_000;
const NVIDIA = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
const INTEL_VENDOR = '0x8086';

/** Whom to ask of graphics cards. */
export interface GpuSources {
  /** `/sys/class/drm`, where AMD's driver tells. */
  readonly drm: string;
  readonly askNvidia: () => Promise<string>;
  readonly askIntel: () => Promise<string>;
}

const MACHINE: GpuSources = {
  drm: '/sys/class/drm',
  askNvidia: async () =>
    (await promisify(execFile)('nvidia-smi', NVIDIA, { timeout: TOOL_TIMEOUT_MS })).stdout,
  askIntel,
};

/** What the graphics cards say of themselves; empty where nothing tells. Never rejects. */
export async function readGpus(sources: GpuSources = MACHINE): Promise<readonly GpuLoad[]> {
  const none = (): string => '';
  const [nvidia, intel] = await Promise.all([
    sources.askNvidia().catch(none),
    hasIntel(sources.drm) ? sources.askIntel().catch(none) : '',
  ]);
  return [...readAmd(sources.drm), ...parseNvidia(nvidia), ...parseIntel(intel)];
}

/** Lines as `37, 512`: percent, and MiB. A card that does not tell one says `[N/A]`. */
export function parseNvidia(text: string): readonly GpuLoad[] {
  return text.split('\n').flatMap((line) => {
    const [busy = '', used = ''] = line.split(',').map((part) => part.trim());
    if (!/^\d{1,3}$/.test(busy)) return [];
    const bytes = /^\d{1,9}$/.test(used) ? Number(used) * 1024 * 1024 : null;
    return [{ busy: Math.min(1, Number(busy) / 100), memoryBytes: bytes }];
  });
}

/** amdgpu: percent in a file, and bytes in another. */
function readAmd(drm: string): readonly GpuLoad[] {
  return cardsIn(drm).flatMap((card) => {
    const busy = readNumber(join(card, 'gpu_busy_percent'));
    if (busy === null) return [];
    const memoryBytes = readNumber(join(card, 'mem_info_vram_used'));
    return [{ busy: Math.min(1, busy / 100), memoryBytes }];
  });
}

const hasIntel = (drm: string): boolean =>
  cardsIn(drm).some((card) => readText(join(card, 'vendor'))?.trim() === INTEL_VENDOR);

/** `card0`, not its outputs as `card0-DP-1`. */
const cardsIn = (drm: string): readonly string[] =>
  globSync('card[0-9]*/device', { cwd: drm })
    .filter((path) => !path.includes('-'))
    .toSorted()
    .map((path) => join(drm, path));

function readNumber(path: string): number | null {
  const text = readText(path)?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Drivers refuse to be read while a card sleeps. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
