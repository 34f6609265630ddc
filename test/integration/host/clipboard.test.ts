import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClipboardKind } from '../../../gateway/protocol/clipboard.ts';
import { X11Clipboard } from '../../../host-publisher/clipboard/x11-clipboard.ts';
import { PNG_SIGNATURE } from '../../support/host/clipboard-parts.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { waitFor } from '../../support/wait-for.ts';

const MOST = 8 * 1024 * 1024;
const TEXT = 'text/plain';
const A_TEXT = 'Grüße, 漢字 & 😀\n'.repeat(40_000);
const A_PICTURE = Buffer.concat([PNG_SIGNATURE, randomBytes(5_000_000)]);

const opened = async () => {
  const display = await openVirtualDisplay();
  const offers: (readonly ClipboardKind[])[] = [];
  let lost = false;
  const clipboard = await X11Clipboard.open({
    display: display.name,
    onOffer: (kinds) => offers.push(kinds),
    onLost: () => {
      lost = true;
    },
  });
  onTestFinished(async () => {
    clipboard.close();
    await display.close();
  });
  const env = { ...process.env, DISPLAY: display.name };
  /** xclip stays in the background as the owner. */
  const copy = async (content: Buffer | string, target = 'UTF8_STRING'): Promise<void> => {
    const args = ['-selection', 'clipboard', '-t', target, '-i'];
    const xclip = spawn('xclip', args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    xclip.stdin.end(content);
    await once(xclip, 'exit');
  };
  const paste = (target: string, selection = 'clipboard'): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const args = ['-selection', selection, '-t', target, '-o'];
      const options = { env, encoding: 'buffer', maxBuffer: 2 * MOST } as const;
      execFile('xclip', args, options, (error, stdout) =>
        error === null ? resolve(stdout) : reject(new Error(error.message)),
      );
    });
  const offered = (count: number) => waitFor(() => offers[count - 1], { what: `offer ${count}` });
  return { display, clipboard, offers, offered, copy, paste, isLost: () => lost };
};

describe('the clipboard of an X11 display', () => {
  it('[CLIP-26] gives a text of another program: short, and of a megabyte', async () => {
    const { clipboard, copy, offered } = await opened();
    await copy('häll😀');
    expect(await offered(1)).toEqual([TEXT]);
    expect((await clipboard.read(TEXT, MOST)).toString()).toBe('häll😀');
    await copy(A_TEXT);
    await offered(2);
    expect((await clipboard.read(TEXT, MOST)).toString()).toBe(A_TEXT);
  });

  it('[CLIP-26] gives a picture of several megabytes, as whoever has it sends it', async () => {
    const { clipboard, copy, offered } = await opened();
    await copy(A_PICTURE, 'image/png');
    expect(await offered(1)).toEqual(['image/png']);
    expect((await clipboard.read('image/png', MOST)).equals(A_PICTURE)).toBe(true);
  });

  it('[CLIP-26] takes a text: short, and of a megabyte, for programs that paste either selection', async () => {
    const { clipboard, paste, offers } = await opened();
    await clipboard.write(TEXT, Buffer.from('häll😀'));
    expect((await paste('UTF8_STRING')).toString()).toBe('häll😀');
    expect((await paste('UTF8_STRING', 'primary')).toString()).toBe('häll😀');
    await clipboard.write(TEXT, Buffer.from(A_TEXT));
    for (const target of ['UTF8_STRING', 'text/plain;charset=utf-8', 'TEXT']) {
      expect((await paste(target)).toString()).toBe(A_TEXT);
    }
    expect(offers).toEqual([]);
  });

  it('[CLIP-26] takes a picture of several megabytes, for two who paste at once', async () => {
    const { clipboard, paste } = await opened();
    await clipboard.write('image/png', A_PICTURE);
    const pasted = await Promise.all([paste('image/png'), paste('image/png')]);
    expect(pasted.map((bytes) => bytes.equals(A_PICTURE))).toEqual([true, true]);
    expect((await paste('TARGETS')).toString().split('\n')).toContain('image/png');
    await expect(paste('UTF8_STRING')).rejects.toThrow();
  });

  it('[CLIP-26] has Latin-1 for old programs, where that says it all', async () => {
    const { clipboard, paste } = await opened();
    await clipboard.write(TEXT, Buffer.from('häll'));
    expect((await paste('STRING')).toString('latin1')).toBe('häll');
    await clipboard.write(TEXT, Buffer.from('漢'));
    await expect(paste('STRING')).rejects.toThrow();
  });

  it('[CLIP-28] refuses what is larger than wanted, and its owner keeps it', async () => {
    const { clipboard, copy, offered, paste } = await opened();
    await copy(A_PICTURE, 'image/png');
    await offered(1);
    const small = clipboard.read('image/png', 100_000);
    await expect(small).rejects.toMatchObject({ why: 'too-large' });
    expect((await paste('image/png')).equals(A_PICTURE)).toBe(true);
  });

  it('[CLIP-28] has nothing when the program that copied has gone, or another content came', async () => {
    const { clipboard, copy, offered, offers } = await opened();
    await copy('one');
    await offered(1);
    await copy(A_PICTURE, 'image/png');
    await offered(2);
    await expect(clipboard.read(TEXT, MOST)).rejects.toMatchObject({ why: 'gone' });
    await clipboard.write(TEXT, Buffer.from('ours'));
    await waitFor(
      () =>
        clipboard.read('image/png', MOST).then(
          () => false,
          () => true,
        ),
      { what: 'the picture to be gone' },
    );
    expect(offers).toHaveLength(2);
  });

  it('[CLIP-20] tells nothing of what a password manager calls secret', async () => {
    const { copy, offered, offers } = await opened();
    await copy('hunter2', 'x-kde-passwordManagerHint');
    await copy('open');
    expect(await offered(1)).toEqual([TEXT]);
    expect(offers).toHaveLength(1);
  });

  it('is lost with its display', async () => {
    const { display, isLost, clipboard } = await opened();
    await display.close();
    await waitFor(isLost, { what: 'the loss' });
    await expect(clipboard.write(TEXT, Buffer.from('x'))).rejects.toThrow();
  });
});
