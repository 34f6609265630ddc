import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../host-publisher/config.ts';
import { EXIT_CODES, HostError } from '../../../host-publisher/host-error.ts';
import { backOffMs } from '../../../host-publisher/supervision/back-off.ts';

const ENV = { CS_TOKEN: 'a.b.c' };

const failure = (argv: string[], env: Record<string, string> = ENV): HostError => {
  try {
    loadConfig(argv, env);
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

const aFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

describe('the command line', () => {
  it('needs nothing beside a gateway of "npm start"', () => {
    const DATA_DIR = aFolder();
    const secret = 'a secret for tests, 32 characters or more';
    writeFileSync(join(DATA_DIR, 'jwt-secret'), `${secret}\n`);
    const { plan, endpoint, task } = loadConfig([], { DATA_DIR });
    expect(task).toBe('publish');
    expect(endpoint?.url).toBe('http://127.0.0.1:8080/whip/demo/main');
    expect(plan).toMatchObject({ source: 'cube', sound: 'tone', encoder: null });
    expect(plan.picture).toEqual({ width: 1280, height: 720, fps: 30, bitrateKbps: 2500 });
    const claims = jwt.verify(endpoint?.token() ?? '', secret, { algorithms: ['HS256'] });
    expect(claims).toMatchObject({ sub: 'host', room: 'demo', can: ['publish', 'host'] });
  });

  it('says what is captured and recorded', () => {
    const argv = ['--source', 'file', '--file', 'clip.mp4', '--loop', 'off', '--record', 'kept'];
    expect(loadConfig(argv, ENV).plan).toMatchObject({
      source: 'file',
      file: join(process.cwd(), 'clip.mp4'),
      loop: false,
      sound: 'file',
      record: { path: join(process.cwd(), 'kept'), name: 'demo-main' },
    });
    expect(loadConfig([], { ...ENV, CS_RENDER: 'gl', CS_CURSOR: 'none' }).plan).toMatchObject({
      renderer: 'gl',
      cursor: 'none',
      record: null,
    });
  });

  it.each([
    ['auto', ['webrtc', 'websocket']],
    ['direct', ['direct']],
    ['direct,webrtc', ['webrtc', 'direct']],
    ['webrtc, websocket, direct', ['webrtc', 'websocket', 'direct']],
  ])('[DIR-46] takes the modes %s by option and by environment', (text, modes) => {
    expect(loadConfig(['--mode', text], ENV).plan.modes).toEqual(modes);
    expect(loadConfig([], { ...ENV, CS_MODE: text }).plan.modes).toEqual(modes);
  });

  it.each(['', 'both', 'webrtc,', 'webrtc,webrtc', 'direct,auto'])(
    '[DIR-46] refuses the modes "%s" with a sentence',
    (text) => {
      expect(failure(['--mode', text]).message).toMatch(/^--mode .* it may be auto, or some of/);
    },
  );

  it('records nothing of what goes by WebSocket alone', () => {
    const { code, message } = failure(['--mode', 'websocket', '--record', 'kept']);
    expect(code).toBe('usage');
    expect(message).toContain('--record needs webrtc among --mode');
  });

  it('says what may be controlled, and how keys are pressed', () => {
    expect(loadConfig([], ENV).control).toMatchObject({
      on: true,
      keyboardMode: 'keysym',
      keyboardLayout: null,
    });
    const argv = ['--keyboard-layout', 'de(nodeadkeys),us', '--keyboard-mode', 'code'];
    expect(loadConfig(argv, { ...ENV, CS_CONTROL: 'off' }).control).toMatchObject({
      on: false,
      keyboardMode: 'code',
      keyboardLayout: 'de(nodeadkeys),us',
    });
    expect(failure(['--keyboard-layout=-option x']).message).toContain('XKB layouts');
    expect(failure([], { ...ENV, CS_KEYBOARD_MODE: 'scan' }).message).toBe(
      'CS_KEYBOARD_MODE must be keysym or code.',
    );
  });

  it('says what goes by the clipboard, whether the screen follows, and what may be run', () => {
    expect(loadConfig([], ENV).control).toMatchObject({
      ...{ clipboard: 'both', resize: 'auto', largest: { width: 1920, height: 1080 } },
      commands: new Map(),
    });
    const argv = ['--clipboard', 'to-host', '--resize', 'off'];
    expect(loadConfig(argv, { ...ENV, CS_LARGEST: '2560x1440' }).control).toMatchObject({
      ...{ clipboard: 'to-host', resize: 'off', largest: { width: 2560, height: 1440 } },
    });
    expect(failure(['--clipboard', 'on']).message).toContain('both, to-host, from-host, off');
    expect(failure([], { ...ENV, CS_LARGEST: '100x100' }).message).toBe(
      'CS_LARGEST must be 320x240 to 7680x4320.',
    );
    expect(failure(['--commands', '/nowhere.json']).message).toBe(
      '--commands /nowhere.json: it cannot be read.',
    );
  });

  it('captures a Wayland desktop by its portal, unless an X11 display is named', () => {
    const env = { ...ENV, XDG_SESSION_TYPE: 'wayland', DISPLAY: ':0' };
    const desktop = ['--source', 'desktop'];
    const shared = { display: 'portal', cursor: 'picture' };
    expect(loadConfig(desktop, env).plan).toMatchObject(shared);
    expect(loadConfig(desktop, { ...ENV, WAYLAND_DISPLAY: 'w' }).plan).toMatchObject(shared);
    const named = loadConfig([...desktop, '--display', 'portal', '--cursor', 'none'], ENV);
    expect(named.plan).toMatchObject({ display: 'portal', cursor: 'none' });
    const window = ['--source', 'window', '--window', 'x', '--display', 'portal'];
    expect(failure(window)).toMatchObject({ code: 'usage', message: /--source desktop/ });
    expect(loadConfig([...desktop, '--display', ':7'], env).plan.display).toBe(':7');
    expect(loadConfig(desktop, { ...ENV, DISPLAY: ':0' }).plan.cursor).toBe('viewers');
    expect(loadConfig([], env).plan.cursor).toBe('picture');
  });

  it('signs no token for a gateway elsewhere', () => {
    const DATA_DIR = aFolder();
    writeFileSync(join(DATA_DIR, 'jwt-secret'), 'x'.repeat(32));
    const { code, message } = failure(['--gateway', 'https://cast.example.org'], { DATA_DIR });
    expect(code).toBe('usage');
    expect(message).toMatch(/^There is no token/);
  });

  it('reads a token file anew for every request', () => {
    const file = join(aFolder(), 'token');
    writeFileSync(file, 'one\n');
    const { endpoint } = loadConfig(['--token-file', file], {});
    expect(endpoint?.token()).toBe('one');
    writeFileSync(file, 'two');
    expect(endpoint?.token()).toBe('two');
  });

  it('names room, source and gateway', () => {
    const argv = [
      '--room',
      'r1',
      '--publish-as',
      'host',
      '--gateway',
      'https://cast.example.org/base/',
    ];
    expect(loadConfig(argv, ENV).endpoint?.url).toBe('https://cast.example.org/base/whip/r1/host');
  });

  it('understands the settings', () => {
    const { plan } = loadConfig([], {
      ...ENV,
      CS_WIDTH: '1920',
      CS_HEIGHT: '1080',
      CS_FPS: '60',
      CS_BITRATE_KBPS: '8000',
      CS_STUN_SERVER: 'stun.example.org:3478',
      CS_TURN_SERVER: 'turn:turn.example.org',
      CS_TURN_USER: 'u',
      CS_TURN_PASS: 'p',
    });
    expect(plan.picture).toEqual({ width: 1920, height: 1080, fps: 60, bitrateKbps: 8000 });
    expect(plan.iceServers).toEqual([
      { url: 'stun:stun.example.org:3478' },
      { url: 'turn:turn.example.org', username: 'u', credential: 'p' },
    ]);
  });

  it.each([
    [
      ['--source', 'webcam'],
      {},
      /--source webcam is not known; it may be cube, test, desktop, window, file, camera\./,
    ],
    [['--sorce', 'cube'], {}, /--sorce/],
    [['--room', 'a b'], {}, /--room must be/],
    [['--gateway', 'ftp://x'], {}, /--gateway must be/],
    [['--encoder', 'h265enc'], {}, /--encoder h265enc/],
    [['--source', 'window'], {}, /needs --window/],
    [['--source', 'file'], {}, /--source file needs --file/],
    [['--source', 'cube', '--audio', 'file'], {}, /--audio file needs --source file/],
    [['--loop', 'maybe'], {}, /--loop maybe is not known; it may be on, off/],
    [[], { CS_RENDER: 'metal' }, /CS_RENDER must be auto, software or gl/],
    [['--cursor', 'off'], {}, /--cursor off is not known; it may be viewers, picture, none/],
    [['--token-file', '/nowhere/token'], {}, /cannot be read/],
    [[], { CS_WIDTH: '1281' }, /CS_WIDTH must be even/],
    [[], { CS_WIDTH: '100000' }, /CS_WIDTH must be 64 to 7680/],
    [[], { CS_HEIGHT: '-1' }, /CS_HEIGHT must be a number/],
    [['--content', 'film'], {}, /--content film is not known; it may be text, motion\./],
    [[], { CS_CONTENT: 'film' }, /CS_CONTENT must be text or motion/],
    [[], { CS_FPS: '0' }, /CS_FPS must be 1 to 120/],
    [[], { CS_FPS: '1e3' }, /CS_FPS must be a number/],
    [[], { CS_BITRATE_KBPS: '999999' }, /CS_BITRATE_KBPS must be/],
    [[], { CS_STUN_SERVER: 'stun:a b' }, /CS_STUN_SERVER must be/],
    [[], { CS_TURN_SERVER: 'turn:x' }, /must be set together/],
  ])('%j with %j is one sentence and exit code 2', (argv, env, sentence) => {
    const { code, message } = failure(argv, { ...ENV, ...env });
    expect(message).toMatch(sentence);
    expect(EXIT_CODES[code]).toBe(2);
  });

  it('takes a desktop for text, all else for motion, and what is said before both', () => {
    const contentOf = (argv: string[], env = {}) =>
      loadConfig(argv, { ...ENV, ...env }).plan.content;
    expect(contentOf([])).toBe('motion');
    expect(contentOf(['--source', 'desktop'])).toBe('text');
    expect(contentOf(['--source', 'window', '--window', 'x'])).toBe('text');
    expect(contentOf(['--source', 'desktop'], { CS_CONTENT: 'motion' })).toBe('motion');
    expect(contentOf(['--content', 'text'], { CS_CONTENT: 'motion' })).toBe('text');
  });

  it('names everything that is wrong at once', () => {
    expect(failure([], { ...ENV, CS_FPS: '0', CS_HEIGHT: 'x' }).message.split('\n')).toHaveLength(
      2,
    );
  });

  it('shows help without a token', () => {
    expect(loadConfig(['--help'], {}).task).toBe('help');
  });
});

describe('the back-off', () => {
  it('doubles up to ten seconds, the half of it by chance', () => {
    expect([1, 2, 3, 7, 100].map((failures) => backOffMs(failures, () => 1))).toEqual([
      250, 500, 1000, 10_000, 10_000,
    ]);
    expect(backOffMs(1, () => 0)).toBe(125);
  });
});
