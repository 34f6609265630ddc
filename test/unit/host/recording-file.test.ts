import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile } from '../../../host-publisher/media/recording/recording-file.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';

const NOW = new Date('2026-11-21T18:30:05.123Z');

describe('the file of a recording', () => {
  it('has room, source and moment in its name, in a folder that is made', () => {
    const folder = join(aFolder(), 'a', 'b');
    expect(createFile(folder, 'demo-main', '.ts', NOW)).toBe(
      join(folder, 'demo-main-20261121T183005Z.ts'),
    );
  });

  it('is the one that was named, with the extension of its content', () => {
    const folder = aFolder();
    expect(createFile(join(folder, 'talk.mp4'), 'demo-main', '.ts', NOW)).toBe(
      join(folder, 'talk.ts'),
    );
  });

  it('is never written over', () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'talk.ts'), 'kept');
    const named = join(folder, 'talk.ts');
    expect(createFile(named, 'x', '.ts', NOW)).toBe(join(folder, 'talk-2.ts'));
    expect(createFile(named, 'x', '.ts', NOW)).toBe(join(folder, 'talk-3.ts'));
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('lies in a folder whose name looks like a file', () => {
    const folder = join(aFolder(), 'takes.ts');
    mkdirSync(folder);
    expect(existsSync(createFile(folder, 'demo-main', '.ts', NOW))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
