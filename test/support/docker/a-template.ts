import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from '../gateway/start-gateway.ts';

/** The file of a template that wants one container, of an image that a replayed engine has not. */
export function aTemplateFile(): string {
  const file = join(aFolder(), 'template.json');
  writeFileSync(file, JSON.stringify({ name: 'srs', image: 'srs:1', mediaPort: 8100, max: 3 }));
  return file;
}
