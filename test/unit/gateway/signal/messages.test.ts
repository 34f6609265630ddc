import { describe, expect, test } from 'vitest';
import { SIGNAL_SDP_CHARS } from '../../../../gateway/protocol/signal/signal-protocol.ts';
import { SignalMessage } from '../../../../gateway/protocol/signal/signal-messages.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const LINE = 'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host';
const PEER = 'abcdefghij234567';

const read = (message: unknown): unknown => SignalMessage.safeParse(message).data;

describe('messages of peers', () => {
  test.each([
    [{ type: 'register', room: 'demo', role: 'sender' }, { source: 'main' }],
    [
      { type: 'register', room: 'demo', role: 'client', control: 'a'.repeat(22) },
      { source: 'main' },
    ],
    [{ type: 'offer', sdp: SDP, to: PEER }, {}],
    [{ type: 'answer', sdp: SDP }, {}],
    [{ type: 'request-offer' }, {}],
    [{ type: 'ice-candidate', candidate: null }, {}],
    [{ type: 'bye', to: PEER }, {}],
    [{ type: 'ping', at: 1 }, {}],
  ])('[SIG-01] %j is one', (message, defaults) => {
    expect(read(message)).toEqual({ ...message, ...defaults });
  });

  test('[SIG-01] what is more in them is left out', () => {
    const read_ = read({ type: 'offer', sdp: SDP, from: PEER, __proto__: null, more: [1] });
    expect(read_).toEqual({ type: 'offer', sdp: SDP });
  });

  test.each([
    null,
    [],
    'offer',
    {},
    { type: 'registered' },
    { type: 'register', room: '../demo', role: 'sender' },
    { type: 'register', room: 'demo', role: 'admin' },
    { type: 'register', room: 'demo', role: 'sender', resume: 'short' },
    { type: 'register', room: 'demo', role: 'sender', name: 'a\nb' },
    { type: 'offer' },
    { type: 'offer', sdp: 'hello' },
    { type: 'offer', sdp: `${SDP}\0` },
    { type: 'offer', sdp: `v=0\r\n${'a=x\r\n'.repeat(SIGNAL_SDP_CHARS)}` },
    { type: 'offer', sdp: SDP, to: '*' },
    { type: 'answer', sdp: [SDP] },
    { type: 'ice-candidate' },
    { type: 'ping', at: 'now' },
  ])('[SIG-01] what has another shape is none: %#', (message) => {
    expect(read(message)).toBeUndefined();
  });

  test('[SIG-02] candidates come as browsers write them, and in the minimal form', () => {
    const candidate = {
      candidate: LINE,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'a+/Z',
    };
    expect(read({ type: 'ice-candidate', candidate })).toEqual({
      type: 'ice-candidate',
      candidate,
    });
    const minimal = { type: 'ice', candidate: LINE, sdpMLineIndex: 1 };
    expect(read(minimal)).toEqual(minimal);
    expect(read({ ...minimal, candidate: '' })).toEqual({ ...minimal, candidate: '' });
  });

  test.each([
    `${LINE}\r\na=evil`,
    'host 192.0.2.1',
    `candidate:${'1'.repeat(1_015)}`,
    'candidate:é',
  ])('[SIG-02] %j is no candidate', (candidate) => {
    expect(read({ type: 'ice', candidate, sdpMLineIndex: 0 })).toBeUndefined();
    expect(read({ type: 'ice-candidate', candidate: { candidate } })).toBeUndefined();
  });
});
