import { HOST_PROTOCOL, type HostCommand, type HostMessage } from '../../gateway/protocol/host.ts';
import { readCommand } from './host-command.ts';
import { SteadySocket, type SteadySocketOptions } from './steady-socket.ts';

const MAX_MESSAGE_BYTES = 96 * 1024;
/** More waits to be sent: figures and cursors are worth nothing by then. */
const QUEUE_BYTES = 64 * 1024;

export interface HostSocketOptions extends Pick<
  SteadySocketOptions,
  'url' | 'token' | 'onLost' | 'onBarred' | 'say'
> {
  /** The first message of each connection. */
  readonly hello: () => HostMessage;
  readonly onCommand: (command: HostCommand) => void;
}

/** The WebSocket to the gateway that tells of a host and takes commands for it. */
export class HostSocket {
  readonly #socket: SteadySocket;
  readonly #onCommand: HostSocketOptions['onCommand'];

  constructor({ hello, onCommand, ...common }: HostSocketOptions) {
    this.#onCommand = onCommand;
    this.#socket = new SteadySocket({
      ...common,
      protocol: HOST_PROTOCOL,
      name: 'host socket',
      maxMessageBytes: MAX_MESSAGE_BYTES,
      onOpen: () => this.send(hello()),
      onMessage: (text) => this.#take(text),
    });
  }

  /** Dials; a second call does nothing. */
  open(): void {
    this.#socket.open();
  }

  /** Hands over a message; false when nobody is there or reads too slowly. */
  send(message: HostMessage): boolean {
    const { connection } = this.#socket;
    if (connection === null || connection.bufferedAmount > QUEUE_BYTES) return false;
    connection.send(JSON.stringify(message));
    return true;
  }

  /** Says goodbye and comes no more. */
  close(): Promise<void> {
    return this.#socket.close();
  }

  #take(text: string | null): void {
    const read = readCommand(text);
    if ('command' in read) {
      const { command } = read;
      if (command.type === 'host/welcome') this.#socket.welcome();
      this.#onCommand(command);
      return;
    }
    if (read.id !== null) {
      this.send({ type: 'host/result', id: read.id, ok: false, detail: read.problem });
    }
    this.#socket.sayOnce(`A message of the gateway is not understood: ${read.problem}`);
  }
}
