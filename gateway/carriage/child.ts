import nodeDataChannel from 'node-datachannel';
import { guard, type Log } from '../../native/guard.ts';
import { LIMITS } from '../limits/limits.ts';
import { LegPeer } from './leg-peer.ts';
import type { FromChild, Leg, ToChild } from './messages.ts';
import { Relay } from './relay.ts';

/** The process of the relays. It lives as long as the gateway and does what that says. */

interface Entry {
  readonly legs: Readonly<Record<Leg, LegPeer>>;
  readonly timers: readonly NodeJS.Timeout[];
}

const COUNTS_MS = 1_000;
const entries = new Map<number, Entry>();

process.on('message', (message) => hear(message as ToChild));
process.on('disconnect', leave);
process.on('SIGTERM', leave);
// Ctrl+C reaches the whole group: the gateway decides when this process goes.
process.on('SIGINT', () => undefined);

function hear(message: ToChild): void {
  switch (message.type) {
    case 'start':
      start();
      return;
    case 'open':
      void open(message.id);
      return;
    case 'connect':
      connect(message);
      return;
    case 'close':
      drop(message.id);
      return;
    case 'ping':
      tell({ type: 'pong' });
      return;
    case 'stop':
      leave();
      return;
    default:
      message satisfies never;
  }
}

function start(): void {
  // Without a callback the addon throws "Function expected".
  nodeDataChannel.initLogger(
    'Fatal',
    guard(log, 'library log', () => undefined),
  );
  nodeDataChannel.preload();
  tell({ type: 'ready' });
}

async function open(id: number): Promise<void> {
  const connected = new Set<Leg>();
  const leg = (name: Leg, onPacket: (packet: Buffer) => void): LegPeer =>
    new LegPeer(
      {
        onPacket,
        onConnected: () => {
          connected.add(name);
          tell({ type: 'connected', id, leg: name });
        },
        onEnd: (why) => end(id, `${name}: ${why}`),
      },
      log,
    );
  const relay: Relay = new Relay({
    forth: (packet) => legs.push.send(packet),
    back: (packet) => legs.pull.send(packet),
    now: () => performance.now(),
  });
  const legs = {
    pull: leg('pull', (packet) => relay.pulled(packet)),
    push: leg('push', (packet) => relay.returned(packet)),
  };
  const counting = setInterval(() => {
    relay.tick();
    tell({ type: 'counts', id, counts: relay.counts });
  }, COUNTS_MS);
  const deadline = setTimeout(() => {
    if (connected.size < 2) end(id, 'not connected in time');
  }, LIMITS.carriageConnectMs);
  entries.set(id, { legs, timers: [counting, deadline] });
  try {
    const [pull, push] = await Promise.all([legs.pull.gather(), legs.push.gather()]);
    tell({ type: 'opened', id, legs: { pull, push } });
  } catch (error) {
    end(id, error instanceof Error ? error.message : 'no transport');
  }
}

function connect({ id, leg, remote }: ToChild & { type: 'connect' }): void {
  try {
    entries.get(id)?.legs[leg].connect(remote);
  } catch {
    end(id, `${leg}: the node's answer is of no use`);
  }
}

function end(id: number, why: string): void {
  if (drop(id)) tell({ type: 'closed', id, why });
}

function drop(id: number): boolean {
  const entry = entries.get(id);
  if (entry === undefined) return false;
  entries.delete(id);
  for (const timer of entry.timers) clearTimeout(timer);
  entry.legs.pull.close();
  entry.legs.push.close();
  return true;
}

function tell(message: FromChild): void {
  process.send?.(message, undefined, {}, () => undefined);
}

function leave(): void {
  for (const id of [...entries.keys()]) drop(id);
  // The native library ends with the process only: its own clean-up aborts.
  process.exit(0);
}

function log(level: Parameters<Log>[0], message: string): void {
  if (level === 'error') process.stderr.write(`carriage: ${message}\n`);
}
