import type { BrowserPort } from '../../../web/core/browser-port.ts';

/** One request that a client made. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string | null;
  readonly keepalive: boolean;
}

type Answer = (request: SeenRequest) => Response | Promise<Response>;

/** The sending half of one medium. */
export class FakeSender {
  track: unknown;
  codecs: string[] = [];
  stats = new Map<string, Record<string, unknown>>();
  parameters: { encodings: RTCRtpEncodingParameters[]; degradationPreference?: string };

  constructor(track: unknown, encodings: RTCRtpEncodingParameters[]) {
    this.track = track;
    this.parameters = { encodings };
  }

  getParameters() {
    return structuredClone(this.parameters);
  }

  setParameters(parameters: FakeSender['parameters']): Promise<void> {
    this.parameters = parameters;
    return Promise.resolve();
  }

  replaceTrack(track: unknown): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  getStats() {
    return Promise.resolve(this.stats);
  }
}

/** A peer connection without media: tests move its state by hand. */
export class FakePeerConnection {
  connectionState: RTCPeerConnectionState = 'new';
  iceConnectionState: RTCIceConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: (() => void) | null = null;
  refusesAnswer = false;
  configuration: RTCConfiguration;
  /** The configuration of the moment when the offer was made. */
  offeredWith: RTCConfiguration | null = null;
  refusesConfiguration = false;
  readonly kinds: string[] = [];
  readonly stats = new Map<string, Record<string, unknown>>();

  readonly senders: FakeSender[] = [];

  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    if (this.refusesConfiguration) throw new SyntaxError('no such scheme');
    this.configuration = configuration;
  }

  addTransceiver(media: string | { kind: string }, init: RTCRtpTransceiverInit) {
    const kind = typeof media === 'string' ? media : media.kind;
    const sender = new FakeSender(media, init.sendEncodings ?? [{}]);
    this.kinds.push(kind);
    this.senders.push(sender);
    return {
      currentDirection: 'recvonly',
      receiver: { track: { kind } },
      sender,
      setCodecPreferences: (codecs: { mimeType: string }[]) => {
        sender.codecs = codecs.map(({ mimeType }) => mimeType);
      },
    };
  }

  getTransceivers() {
    return this.kinds.map((kind) => ({
      currentDirection: 'recvonly',
      receiver: { track: { kind } },
    }));
  }

  getStats() {
    return Promise.resolve(this.stats);
  }

  setLocalDescription(): Promise<void> {
    this.offeredWith = this.configuration;
    this.localDescription = { sdp: 'offer' };
    return Promise.resolve();
  }

  setRemoteDescription(answer: { sdp: string }): Promise<void> {
    if (this.refusesAnswer) return Promise.reject(new Error('no common codec'));
    this.remoteDescription = answer;
    return Promise.resolve();
  }

  close(): void {
    this.connectionState = 'closed';
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** As if `frames` had been decoded by now. */
  decode(frames: number): void {
    this.stats.set('v', { id: 'v', type: 'inbound-rtp', kind: 'video', framesDecoded: frames });
  }
}

/** An event stream that says what the test says. */
export class FakeEventSource extends EventTarget {
  readonly url: string;
  /** 0 connecting, 1 open, 2 closed. */
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(url: string) {
    super();
    this.url = url;
  }

  /** The server has answered. */
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server sends an event. */
  say(name: string, data: unknown = {}): void {
    const event = Object.assign(new Event(name), { data: JSON.stringify(data) });
    this.dispatchEvent(event);
  }

  /** The connection is lost: for good, or the browser connects again. */
  fail(kind: 'final' | 'passing'): void {
    this.readyState = kind === 'final' ? 2 : 0;
    this.onerror?.();
  }

  close(): void {
    this.readyState = 2;
  }
}

/** A WebSocket whose other end is the test. */
export class FakeWebSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  /** 0 connecting, 1 open, 3 closed. */
  readyState = 0;
  /** The code that this side closed with. */
  closedWith: number | null = null;
  readonly sent: unknown[] = [];
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  /** The server takes the connection. */
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server sends a message. */
  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** The server closes; 1006 without a word. */
  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code: number): void {
    this.readyState = 3;
    this.closedWith = code;
  }
}

/** A browser whose server is a function and whose connections are fakes. */
export class FakeBrowser implements BrowserPort {
  answer: Answer;
  /** What the gateway says of ICE servers. */
  iceServers: Answer = () => Response.json({ iceServers: [] });
  readonly iceRequests: SeenRequest[] = [];
  /** All requests but those for ICE servers. */
  readonly requests: SeenRequest[] = [];
  readonly connections: FakePeerConnection[] = [];
  readonly eventSources: FakeEventSource[] = [];
  readonly webSockets: FakeWebSocket[] = [];
  visible = true;
  /** By where and key, as `session key`. */
  readonly stored = new Map<string, string>();
  readonly takenPlaces = new Set<string>();
  readonly #windowListeners = new Map<string, Set<() => void>>();

  constructor(answer: Answer) {
    this.answer = answer;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request: SeenRequest = {
      method: init.method ?? 'GET',
      url,
      authorization: new Headers(init.headers).get('Authorization'),
      body: typeof init.body === 'string' ? init.body : null,
      keepalive: init.keepalive ?? false,
    };
    if (new URL(url).pathname === '/api/v1/ice-servers') {
      this.iceRequests.push(request);
      return this.iceServers(request);
    }
    this.requests.push(request);
    return this.answer(request);
  };

  readonly createPeerConnection = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new FakePeerConnection(configuration);
    this.connections.push(connection);
    // The clients use no more of a connection than the fake has.
    return connection as unknown as RTCPeerConnection;
  };

  readonly openEventSource = (url: string): EventSource => {
    const source = new FakeEventSource(url);
    this.eventSources.push(source);
    return source as unknown as EventSource;
  };

  readonly openWebSocket = (url: string, protocols: readonly string[]): WebSocket => {
    const socket = new FakeWebSocket(url, protocols);
    this.webSockets.push(socket);
    return socket as unknown as WebSocket;
  };

  readonly isPageVisible = () => this.visible;
  readonly onVisibilityChange = () => () => undefined;

  readonly takePlace = (name: string): Promise<(() => void) | null> => {
    if (this.takenPlaces.has(name)) return Promise.resolve(null);
    this.takenPlaces.add(name);
    return Promise.resolve(() => void this.takenPlaces.delete(name));
  };

  readonly videoCodecs = () =>
    ['video/VP8', 'video/H264', 'video/rtx'].map((mimeType) => ({ mimeType, clockRate: 90_000 }));

  readonly random = () => 0;

  readonly onWindowEvent = (type: string, listener: () => void) => {
    const listeners = this.#windowListeners.get(type) ?? new Set();
    this.#windowListeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  readonly readStored = (where: string, key: string) => this.stored.get(`${where} ${key}`) ?? null;

  readonly store = (where: string, key: string, value: string | null) => {
    if (value === null) this.stored.delete(`${where} ${key}`);
    else this.stored.set(`${where} ${key}`, value);
  };

  readonly onConnectionChange = (listener: () => void) => this.onWindowEvent('change', listener);

  happen(type: 'pagehide' | 'pageshow' | 'online' | 'change'): void {
    for (const listener of [...(this.#windowListeners.get(type) ?? [])]) listener();
  }

  get connection(): FakePeerConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('no connection was made');
    return last;
  }

  /** The last WebSocket that was opened. */
  get webSocket(): FakeWebSocket {
    const last = this.webSockets.at(-1);
    if (last === undefined) throw new Error('no WebSocket was opened');
    return last;
  }

  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }
}

/** The 201 of a WHIP or WHEP endpoint. */
export function created(location = 'https://cast.test/sessions/abc', link?: string): Response {
  return new Response('answer', {
    status: 201,
    headers: {
      'Content-Type': 'application/sdp',
      Location: location,
      ...(link === undefined ? {} : { Link: link }),
    },
  });
}

/** A problem body of the gateway. */
export function refused(status: number, code: string, retryAfter?: string): Response {
  return new Response(JSON.stringify({ status, code, detail: `detail of ${code}` }), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    },
  });
}

/** What a session URL answers after the end. */
export function ended(reason: string): Response {
  const body = { status: 404, code: 'session-not-found', detail: 'gone', reason };
  return new Response(JSON.stringify(body), {
    status: 404,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
