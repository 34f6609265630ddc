import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Recording } from '../../../gateway/recordings/recording.ts';

let count = 0;

/** A finished recording of one part, as it is kept. */
export function aRecording(more: Partial<Record<keyof Recording, unknown>> = {}): Recording {
  count += 1;
  const id = `kept${String(count).padStart(12, '0')}`;
  return Recording.parse({
    ...{ id, room: 'demo', sources: null, state: 'ready', startedAt: 1_000, endedAt: 11_000 },
    ...{ startedBy: 'anna', reason: 'api', detail: '', journal: false },
    parts: [
      {
        ...{ id: 'part0001', source: 'main', subject: 'anna', startedAt: 1_000, offsetMs: 0 },
        ...{ durationMs: 10_000, bytes: 1000, state: 'ready', detail: '', video: 'H264' },
        ...{ audio: 'Opus', width: 640, height: 360, thumbnails: 0, node: 'a', origin: 'x.mp4' },
      },
    ],
    ...more,
  });
}

/** Writes its folder: the description, and bytes for its media. */
export async function keepRecording(
  root: string,
  recording: Recording,
  media = Buffer.alloc(1000, 'abcdefghij'),
): Promise<void> {
  const folder = join(root, recording.id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'recording.json'), JSON.stringify(recording));
  for (const { id } of recording.parts) await writeFile(join(folder, `${id}.mp4`), media);
}
