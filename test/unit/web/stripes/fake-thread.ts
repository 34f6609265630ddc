import type { EnginePort } from '../../../../web/core/stripes/engine-port.ts';

/** A WebSocket without a network: tests open, feed and close it by hand. */
export class FakeWebSocket {
  readyState = 0;
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: (string | Uint8Array)[] = [];
  readonly protocols: readonly string[];
  closedWith: number | null = null;

  constructor(protocols: readonly string[]) {
    this.protocols = protocols;
  }

  send(message: string | Uint8Array): void {
    this.sent.push(message);
  }

  close(code: number): void {
    this.readyState = 3;
    this.closedWith = code;
  }

  welcome(): void {
    this.readyState = 1;
    this.onopen?.();
    this.tell({ type: 'media/welcome', session: 'a'.repeat(22) });
    this.tell({ type: 'media/state', publishing: true, webrtc: false });
  }

  tell(event: unknown): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  deliver(message: Uint8Array): void {
    this.onmessage?.({ data: new Uint8Array(message).buffer });
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

/** A thread whose time and screen tests move. */
export class FakeThread implements EnginePort {
  readonly sockets: FakeWebSocket[] = [];
  readonly #unshown: (() => void)[] = [];

  readonly openWebSocket = (_url: string, protocols: readonly string[]): WebSocket => {
    const socket = new FakeWebSocket(protocols);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  readonly random = (): number => 0;
  readonly now = (): number => Date.now();
  readonly onceShown = (listener: () => void): void => void this.#unshown.push(listener);

  /** The connection that was opened last. */
  get socket(): FakeWebSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nothing was opened');
    return socket;
  }

  show(): void {
    for (const listener of this.#unshown.splice(0)) listener();
  }
}

/** A canvas that counts what is drawn. */
export class FakeCanvas extends EventTarget {
  width = 300;
  height = 150;
  drawn = 0;

  getContext() {
    return { drawImage: () => (this.drawn += 1) };
  }
}
