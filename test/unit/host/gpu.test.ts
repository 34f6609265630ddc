import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGpus, type GpuSources } from '../../../host-publisher/machine/gpu.ts';
import { parseIntel } from '../../../host-publisher/machine/intel-gpu.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';

/** In the form of earlier intel_gpu_top: objects with commas between, no array; cut off in the last. */
const WITHOUT_ARRAY = `{
	"period": {
		"duration": 0.018534,
		"unit": "ms"
	},
	"rc6": {
		"value": 0.000000,
		"unit": "%"
	},
	"engines": {
		"Render/3D/0": {
			"busy": 0.000000,
			"sema": 0.000000,
			"wait": 0.000000,
			"unit": "%"
		}
	}
},
{
	"period": {
		"duration": 500.117224,
		"unit": "ms"
	},
	"frequency": {
		"requested": 349.918001,
		"actual": 347.918819,
		"unit": "MHz"
	},
	"engines": {
		"Render/3D/0": {
			"busy": 12.430207,
			"sema": 0.000000,
			"wait": 0.000000,
			"unit": "%"
		},
		"Blitter/0": {
			"busy": 0.000000,
			"sema": 0.000000,
			"wait": 0.000000,
			"unit": "%"
		},
		"Video/0": {
			"busy": 41.75,
			"sema": 0.000000,
			"wait": 0.000000,
			"unit": "%"
		}
	}
},
{
	"period": {
		"duration": 500.0`;

/** In the form of later ones: an array that is never closed, engines by class, clients after them. */
const IN_ARRAY = `[
{
	"period": {
		"duration": 500.2,
		"unit": "ms"
	},
	"engines": {
		"Render/3D": {
			"busy": 7.5,
			"sema": 0.0,
			"wait": 0.0,
			"unit": "%"
		},
		"VideoEnhance": {
			"busy": 130.0,
			"sema": 0.0,
			"wait": 0.0,
			"unit": "%"
		}
	},
	"clients": {
		"4294967294": {
			"name": "gst-launch-1.0",
			"pid": "4021"
		}
	}
}`;

const NOBODY = (): Promise<string> => Promise.reject(new Error('ENOENT'));

/** A folder as the kernel has it. */
function aDrm(cards: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const drm = aFolder();
  for (const [card, files] of Object.entries(cards)) {
    mkdirSync(join(drm, card, 'device'), { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(drm, card, 'device', name), text);
  }
  return drm;
}

const ask = (over: Partial<GpuSources>) =>
  readGpus({ drm: aDrm({}), askNvidia: NOBODY, askIntel: NOBODY, ...over });

test.each([
  ['without an array', WITHOUT_ARRAY, 0.4175],
  ['in an array', IN_ARRAY, 1],
])(
  '[FIG-08] a card of Intel is as busy as its busiest engine, by intel_gpu_top %s',
  (_, text, busy) => {
    expect(parseIntel(text)).toEqual([{ busy, memoryBytes: null }]);
  },
);

test.each([
  '',
  'Failed to initialize PMU! (Permission denied)\n',
  '{\n\t"period": {',
  '{\n\t"engines": {}\n}',
])('[FIG-08] a tool of Intel that says %j tells of no card', (text) => {
  expect(parseIntel(text)).toEqual([]);
});

test('[FIG-08] the tool is asked only where there is such a card', async () => {
  let asked = 0;
  const askIntel = (): Promise<string> => {
    asked += 1;
    return Promise.resolve(WITHOUT_ARRAY);
  };
  expect(await ask({ askIntel, drm: aDrm({ card0: { vendor: '0x10de\n' } }) })).toEqual([]);
  expect(asked).toBe(0);
  const drm = aDrm({ card1: { vendor: '0x8086\n' }, 'card1-HDMI-A-1': { vendor: '0x8086\n' } });
  expect(await ask({ askIntel, drm })).toHaveLength(1);
  expect(asked).toBe(1);
});

test('[FIG-09] amdgpu tells how busy each card is, and its memory where it says', async () => {
  const drm = aDrm({
    card0: { vendor: '0x1002\n', gpu_busy_percent: '63\n', mem_info_vram_used: '1073741824\n' },
    card1: { vendor: '0x1002\n', gpu_busy_percent: '0\n' },
    card2: { vendor: '0x1002\n', gpu_busy_percent: '\n' },
    'card0-DP-1': { gpu_busy_percent: '99\n' },
  });
  expect(await ask({ drm })).toEqual([
    { busy: 0.63, memoryBytes: 1_073_741_824 },
    { busy: 0, memoryBytes: null },
  ]);
});

test('[FIG-09] cards of several makers are told together', async () => {
  const drm = aDrm({
    card0: { vendor: '0x1002\n', gpu_busy_percent: '10\n' },
    card1: { vendor: '0x8086\n' },
  });
  const askNvidia = () => Promise.resolve('37, 512\n');
  const found = await ask({ drm, askNvidia, askIntel: () => Promise.resolve(IN_ARRAY) });
  expect(found.map(({ busy }) => busy)).toEqual([0.1, 0.37, 1]);
});
