import type { Log } from '../../native/guard.ts';
import { startNative, type Native } from '../../native/library.ts';
import { provenUdpPort } from '../../native/udp-port.ts';
import type { RemoteTransport, ToChild } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Peer } from './peer.ts';

/** The process of the data channels. It lives as long as the gateway and does what that says. */

const peers = new Map<number, Peer>();
const outbox = new Outbox();
const starting = Promise.withResolvers<Native>();

process.on('message', (message) => hear(message as ToChild));
process.on('disconnect', leave);
process.on('SIGTERM', leave);
// Ctrl+C reaches the whole group: the gateway decides when this process goes.
process.on('SIGINT', () => undefined);

function hear(message: ToChild): void {
  switch (message.type) {
    case 'start':
      void start(message.port);
      return;
    case 'open':
      void open(message.id, message.remote);
      return;
    case 'close':
      drop(message.id);
      return;
    case 'ping':
      outbox.tell({ type: 'pong' });
      return;
    case 'stop':
      leave();
      return;
    default:
      message satisfies never;
  }
}

async function start(wished: number): Promise<void> {
  try {
    const port = await provenUdpPort(wished, null);
    const native = startNative({ port, log });
    starting.resolve(native);
    outbox.tell({ type: 'ready', port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const reason = `UDP port ${wished} cannot be opened${code}.`;
    outbox.tell({ type: 'unable', reason }, () => process.exit(1));
  }
}

async function open(id: number, remote: RemoteTransport): Promise<void> {
  const native = await starting.promise;
  const peer = new Peer(native, {
    onMessage: (text) => outbox.pass(id, text),
    onEnd: (why) => {
      peers.delete(id);
      outbox.tell({ type: 'closed', id, why });
    },
  });
  peers.set(id, peer);
  try {
    outbox.tell({ type: 'opened', id, local: await peer.answer(remote) });
  } catch {
    drop(id);
    outbox.tell({ type: 'closed', id, why: 'malformed' });
  }
}

function drop(id: number): void {
  peers.get(id)?.close();
  peers.delete(id);
}

function leave(): void {
  for (const peer of peers.values()) peer.close();
  // The native library ends with the process only: its own clean-up aborts.
  process.exit(0);
}

function log(level: Parameters<Log>[0], message: string): void {
  if (level === 'error') process.stderr.write(`input channel: ${message}\n`);
}
