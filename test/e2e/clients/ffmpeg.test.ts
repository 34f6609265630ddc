import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { playBy } from '../../support/clients/client-page.ts';
import { aRoomName, ClientStage } from '../../support/clients/client-stage.ts';
import { FFMPEG_MISSING, findFfmpeg, publishByFfmpeg } from '../../support/clients/ffmpeg.ts';
import { waitFor } from '../../support/wait-for.ts';

const ffmpeg = findFfmpeg();

/** RFC 8827 §6.5 wants P-256; FFmpeg with GnuTLS makes P-224, which no browser engine takes. */
function certificate(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-ffmpeg-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', cert, '-days', '1', '-subj', '/CN=ffmpeg'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'pipe' });
  return { key_file: key, cert_file: cert };
}

describe.skipIf(ffmpeg === null)(`FFmpeg publishes (${FFMPEG_MISSING})`, () => {
  let stage: ClientStage;
  beforeAll(async () => {
    stage = await ClientStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  test.each([
    ['[WHIP-16] passive', {}],
    ['[WHIP-15] active', { whip_flags: 'dtls_active' }],
  ])('%s: picture and tone arrive, [WHIP-30] it ends by DELETE', async (_, role) => {
    const room = aRoomName();
    const client = publishByFfmpeg(ffmpeg ?? 'ffmpeg', stage.whip(room), {
      ...certificate(),
      ...role,
    });
    onTestFinished(() => void client.stop('SIGKILL'));
    await stage.waitForPublisher(room).catch((error: unknown) => {
      throw new Error(client.output, { cause: error });
    });
    const { page } = await stage.openPage();
    await playBy(page, '@eyevinn/webrtc-player', stage.whep(room));
    await waitForMovingPicture(page, { timeoutMs: 15_000 });
    const { peakHz } = await waitFor(
      async () => {
        const level = await readAudioLevel(page);
        return level.rms > 0.01 && level;
      },
      { timeoutMs: 10_000, what: 'the tone' },
    );
    expect(Math.abs(peakHz - 440)).toBeLessThan(30);
    await client.stop();
    const publishers = (await stage.sessionsOf(room)).filter(({ kind }) => kind === 'publish');
    expect(publishers).toEqual([]);
  });

  test('[WHIP-68] [WHIP-69] with a wrong token it is told 401 and ends', async () => {
    const client = publishByFfmpeg(ffmpeg ?? 'ffmpeg', stage.whip(aRoomName(), 'Bearer twice'));
    expect(await client.exit()).not.toBe(0);
    expect(client.output).toMatch(/40[01]/);
  });
});
