import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HostRan } from '../../../../gateway/protocol/screen.ts';
import { readAllowedCommands } from '../../../../host-publisher/commands/allowed-commands.ts';
import { CommandDesk } from '../../../../host-publisher/commands/command-desk.ts';
import { waitFor } from '../../../support/wait-for.ts';

const inFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

const written = (list: unknown): string => {
  const path = join(inFolder(), 'commands.json');
  writeFileSync(path, typeof list === 'string' ? list : JSON.stringify(list));
  return path;
};

const opened = (list: unknown, environment: Record<string, string> = {}) => {
  const ran: HostRan[] = [];
  const desk = new CommandDesk({
    commands: readAllowedCommands(written(list)),
    environment: { ...process.env, ...environment },
    send: (message) => ran.push(message),
  });
  onTestFinished(() => desk.close());
  desk.held(true);
  let id = 0;
  const run = async (command: string): Promise<HostRan> => {
    id += 1;
    const name = String(id);
    desk.run({ type: 'host/run', id: name, command });
    return waitFor(() => ran.find((each) => each.id === name), { what: `an end of ${command}` });
  };
  return { desk, ran, run };
};

describe('commands', () => {
  it('[HOST-40] are run by name, with the words that the list has, without a shell', async () => {
    const folder = inFolder();
    const { run, desk } = opened({
      Write: { argv: ['sh', '-c', 'printf %s "$1" > out', 'sh', '$(id) > x; *'], cwd: folder },
    });
    expect(desk.names).toEqual(['Write']);
    expect(await run('Write')).toMatchObject({ ok: true, sentence: 'Write is done.' });
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('$(id) > x; *');
  });

  it('[HOST-41] that are not in the list, or of nobody who controls the keyboard, are not run', async () => {
    const folder = inFolder();
    const { run, desk } = opened({ Touch: ['touch', join(folder, 'out')] });
    expect(await run('rm')).toMatchObject({ ok: false });
    desk.held(false);
    expect(await run('Touch')).toMatchObject({
      ok: false,
      sentence: 'Nobody controls the keyboard.',
    });
    expect(() => readFileSync(join(folder, 'out'))).toThrow();
  });

  it('[HOST-42] tell how they ended, and are ended with all that they started when they take too long', async () => {
    const folder = inFolder();
    const { run } = opened({
      Fail: ['false'],
      Missing: [join(folder, 'nothing')],
      Slow: { argv: ['sh', '-c', 'sleep 60 & echo $! > pid; wait'], cwd: folder, seconds: 1 },
    });
    expect(await run('Fail')).toMatchObject({ ok: false, sentence: 'Fail failed.' });
    expect(await run('Missing')).toMatchObject({
      ok: false,
      sentence: 'Missing cannot be started.',
    });
    expect(await run('Slow')).toMatchObject({
      ok: false,
      sentence: 'Slow took longer than 1 s and was ended.',
    });
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await waitFor(() => isGone(pid), { what: 'the end of what it started' });
  });

  it('[HOST-42] run one at a time', async () => {
    const { run, desk, ran } = opened({ Slow: ['sleep', '60'] });
    desk.run({ type: 'host/run', id: 'a', command: 'Slow' });
    expect(await run('Slow')).toMatchObject({ ok: false, sentence: 'Slow is still running.' });
    desk.close();
    await waitFor(() => ran.length === 2, { what: 'the end of the first' });
  });

  it('[HOST-43] see none of the host’s secrets', async () => {
    const folder = inFolder();
    const { run } = opened(
      { Show: { argv: ['sh', '-c', 'echo "$CS_TOKEN$SEEN" > out'], cwd: folder } },
      { CS_TOKEN: 'secret', SEEN: 'yes' },
    );
    await run('Show');
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('yes\n');
  });

  it.each([
    ['{', 'it is not JSON'],
    [{ 'a/b': ['x'] }, 'must be 1 to 32 letters'],
    [{ x: 'rm -rf /' }, 'x:'],
    [{ x: [] }, 'x:'],
    [{ x: { argv: ['x'], cwd: 'here' } }, 'x'],
    [{ x: { argv: ['x'], shell: true } }, 'x'],
  ])('[HOST-44] of a list that is wrong, as %j, are a sentence', (list, problem) => {
    expect(() => readAllowedCommands(written(list))).toThrow(problem);
  });

  it('[HOST-44] of a list that everybody may write are refused', () => {
    const path = written({ x: ['x'] });
    chmodSync(path, 0o666);
    expect(() => readAllowedCommands(path)).toThrow('others may write it');
    expect(() => readAllowedCommands('/nowhere.json')).toThrow('it cannot be read');
  });
});

function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}
