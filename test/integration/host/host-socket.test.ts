import { describe, expect, it, onTestFinished } from 'vitest';
import { FREE } from '../../../host-publisher/adaptation/tuning.ts';
import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import type { HostCommand, HostMessage } from '../../../gateway/protocol/host.ts';
import { HostSocket } from '../../../host-publisher/gateway/host-socket.ts';
import { SILENCE_MS } from '../../../host-publisher/gateway/steady-socket.ts';
import type { HostError } from '../../../host-publisher/host-error.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { SocketServer } from '../../support/host/socket-server.ts';
import { waitFor } from '../../support/wait-for.ts';

const STATUS = {
  state: 'idle',
  encoder: null,
  codec: null,
  publisher: null,
  picture: null,
  fixed: FREE,
  message: null,
} as const;
const HELLO: HostMessage = {
  type: 'host/hello',
  capabilities: {
    version: '0.0.0',
    kind: 'cube',
    encoders: [],
    publishers: ['native'],
    picture: { width: 640, height: 360, fps: 30, bitrateKbps: 500 },
    sound: false,
    onDemand: true,
    cursor: false,
    devices: [],
    clipboard: false,
    largestScreen: null,
    commands: [],
  },
  status: STATUS,
};
const WELCOME = { type: 'host/welcome', room: 'demo', source: 'main' };
const problem = (status: number, code: string) => ({
  status,
  body: {
    type: 'about:blank',
    title: 'x',
    status,
    code,
    detail: 'In words.',
    error: 'In words.',
  },
});

const dial = (url: string, token: () => string = () => 'a.b.c') => {
  const commands: HostCommand[] = [];
  const lines: string[] = [];
  const lost: HostError[] = [];
  const barred: HostError[] = [];
  const socket = new HostSocket({
    url,
    token,
    hello: () => HELLO,
    onCommand: (command) => void commands.push(command),
    onLost: (error) => void lost.push(error),
    onBarred: (error) => void barred.push(error),
    say: (line) => void lines.push(line),
  });
  socket.open();
  onTestFinished(() => socket.close());
  return { socket, commands, lines, lost, barred };
};

describe('the host socket', () => {
  it('says hello with its token and hands commands on', async () => {
    const server = await SocketServer.open();
    const { commands } = dial(server.url);
    const { socket, authorization, messages } = await server.greeted();
    expect(authorization).toBe('Bearer a.b.c');
    expect(messages).toEqual([HELLO]);
    const sent = [WELCOME, { type: 'media/demand', viewers: 2 }, { type: 'media/keyframe' }];
    for (const message of sent) socket.send(JSON.stringify(message));
    await waitFor(() => commands.length === 3, { what: 'three commands' });
    expect(commands).toEqual(sent);
  });

  it.each([
    ['text that is no JSON', '{', 'It is not JSON.'],
    ['an unknown type', '{"type":"media/dance"}', 'type: '],
    ['no object', '7', 'message: '],
    ['a demand below nothing', '{"type":"media/demand","viewers":-1}', 'viewers: '],
    ['a binary message', Buffer.from('{"type":"media/keyframe"}'), 'It is not text.'],
  ])('survives %s and says one line', async (_, message, words) => {
    const server = await SocketServer.open();
    const { commands, lines } = dial(server.url);
    const { socket, closed } = await server.greeted();
    for (const copy of [message, message]) socket.send(copy);
    socket.send(JSON.stringify({ type: 'media/keyframe' }));
    await waitFor(() => commands.length === 1, { what: 'the good command' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`is not understood: ${words}`);
    expect(closed).toBeNull();
  });

  it.each([
    [{ bitrateKbps: 1 }, 'tuning.bitrateKbps: '],
    [{ size: { width: 641, height: 360 } }, 'tuning.size.width: '],
    [{ colour: 'red' }, 'tuning: '],
  ])('answers a tuning of %j with what is wrong', async (tuning, words) => {
    const server = await SocketServer.open();
    const { commands } = dial(server.url);
    const { socket, messages } = await server.greeted();
    socket.send(JSON.stringify({ type: 'media/tune', id: 't1', tuning }));
    const result = await waitFor(() => messages.find(({ type }) => type === 'host/result'), {
      what: 'a result',
    });
    expect(result).toMatchObject({ id: 't1', ok: false });
    expect(result).toHaveProperty('detail', expect.stringContaining(words));
    expect(commands).toEqual([]);
  });

  it('comes again after a loss, with the token as it is then', async () => {
    const server = await SocketServer.open();
    let token = 'one';
    const { lost, lines } = dial(server.url, () => token);
    const first = await server.greeted();
    token = 'two';
    first.socket.close(1001, 'The gateway stops.');
    const second = await server.greeted(2);
    expect(second.authorization).toBe('Bearer two');
    second.socket.send(JSON.stringify(WELCOME));
    await waitFor(() => lines.length === 2, { what: 'two lines' });
    expect(lines).toEqual([
      'The host socket was lost (The gateway stops.). It is tried again.',
      'The gateway is there again.',
    ]);
    expect(lost).toHaveLength(1);
  });

  it('[CHAOS-36] comes to another gateway soon when its room moved, which is no failure', async () => {
    const server = await SocketServer.open();
    const { lost } = dial(server.url);
    for (let time = 1; time <= 4; time += 1) {
      const { socket } = await server.greeted(time);
      socket.close(CLOSE_CODES.moved, 'This room goes on at another gateway.');
    }
    await server.greeted(5);
    expect(lost.map(({ retryAfterMs }) => retryAfterMs)).toEqual([150, 150, 150, 150]);
  });

  it('waits for a gateway that is away, and says so once', async () => {
    const port = await freeTcpPort();
    const { lost, lines } = dial(`ws://127.0.0.1:${port}/ws/host/demo/main`);
    await waitFor(() => lost.length >= 3, { what: 'three attempts' });
    expect(lines).toEqual([
      `The gateway at http://127.0.0.1:${port} does not answer (ECONNREFUSED). It is tried again.`,
    ]);
  });

  it('takes silence for a loss', async () => {
    const server = await SocketServer.open();
    const { lost } = dial(server.url);
    const { socket } = await server.greeted();
    const startedAtMs = performance.now();
    socket.ping();
    socket.pause();
    await waitFor(() => lost.length === 1, { timeoutMs: SILENCE_MS + 3_000, what: 'the loss' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(SILENCE_MS - 500);
    await server.greeted(2);
  }, 25_000);

  it('says goodbye when it is closed, and stays away', async () => {
    const server = await SocketServer.open();
    const { socket } = dial(server.url);
    const connection = await server.greeted();
    await socket.close();
    await waitFor(() => connection.closed === 1000, { what: 'the close' });
    expect(server.attempts).toBe(1);
    expect(socket.send({ type: 'host/status', status: STATUS })).toBe(false);
  });

  it('is closed while nobody answers', async () => {
    const { socket, lost } = dial(`ws://127.0.0.1:${await freeTcpPort()}/ws/host/demo/main`);
    await waitFor(() => lost.length === 1, { what: 'an attempt' });
    await socket.close();
  });
});

describe('a host socket that is refused', () => {
  it.each([
    [401, 'token-invalid', 'refused', 'The gateway refuses the token: In words.'],
    [403, 'scope-insufficient', 'not-an-endpoint', 'No host socket: '],
    [404, 'not-found', 'not-an-endpoint', 'No host socket: '],
    [409, 'source-busy', 'busy', 'The room is busy: In words.'],
  ])('%d %s: it stays away, %s', async (status, code, failure, words) => {
    const server = await SocketServer.open();
    server.refuse = problem(status, code);
    const { barred, lost } = dial(server.url);
    const error = await waitFor(() => barred[0], { what: 'the refusal' });
    expect(error.code).toBe(failure);
    expect(error.message).toContain(words);
    expect(lost).toEqual([]);
    expect(server.attempts).toBe(1);
  });

  it('by a server that knows none of this stays away', async () => {
    const server = await SocketServer.open();
    server.refuse = { status: 404, body: 'nothing here' };
    const { barred } = dial(server.url);
    const error = await waitFor(() => barred[0], { what: 'the refusal' });
    expect(error.message).toContain('is no PixelCast gateway');
  });

  it('by a server of other sockets stays away', async () => {
    const server = await SocketServer.open();
    server.isForeign = true;
    const { barred } = dial(server.url);
    const error = await waitFor(() => barred[0], { what: 'the refusal' });
    expect(error).toMatchObject({ code: 'not-an-endpoint' });
  });

  it('503 is tried again after the time that was asked for', async () => {
    const server = await SocketServer.open();
    server.refuse = { ...problem(503, 'capacity'), headers: { 'retry-after': '1' } };
    const { lost } = dial(server.url);
    await waitFor(() => lost.length === 1, { what: 'the refusal' });
    const startedAtMs = performance.now();
    server.refuse = null;
    await server.greeted();
    expect(performance.now() - startedAtMs).toBeGreaterThan(900);
  });

  it('by a token that no header carries is told, not thrown', async () => {
    const server = await SocketServer.open();
    const { barred } = dial(server.url, () => 'a\nb');
    const error = await waitFor(() => barred[0], { what: 'the refusal' });
    expect(error.code).toBe('refused');
    expect(server.attempts).toBe(0);
  });
});

describe('a host socket that the gateway closes for good', () => {
  it.each([4400, 4401, 4403, 4409])('%d: it stays away and says why', async (code) => {
    const server = await SocketServer.open();
    const { barred } = dial(server.url);
    (await server.greeted()).socket.close(code, 'In words.');
    const error = await waitFor(() => barred[0], { what: 'the end' });
    expect(error).toMatchObject({
      code: 'ended',
      message: 'The gateway closed the host socket: In words.',
    });
    expect(server.attempts).toBe(1);
  });

  it('comes again at once with a token that was renewed', async () => {
    const server = await SocketServer.open();
    let token = 'one';
    const { barred } = dial(server.url, () => token);
    const { socket } = await server.greeted();
    token = 'two';
    socket.close(4401, 'The token has expired.');
    expect((await server.greeted(2)).authorization).toBe('Bearer two');
    expect(barred).toEqual([]);
  });

  it('comes again when the token is renewed later', async () => {
    const server = await SocketServer.open();
    let token = 'one';
    const { barred } = dial(server.url, () => token);
    (await server.greeted()).socket.close(4401, 'The token has expired.');
    await waitFor(() => barred.length === 1, { what: 'the end' });
    token = 'two';
    expect((await server.greeted(2)).authorization).toBe('Bearer two');
  });

  it('leaves the source to another host even with another token', async () => {
    const server = await SocketServer.open();
    let count = 0;
    const { barred } = dial(server.url, () => `token-${(count += 1)}`);
    (await server.greeted()).socket.close(4409, 'Another connection takes its place.');
    await waitFor(() => barred.length === 1, { what: 'the end' });
    expect(server.attempts).toBe(1);
  });
});
