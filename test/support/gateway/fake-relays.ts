import type { LocalTransport } from '../../../native/local-transport.ts';
import type { Leg } from '../../../gateway/carriage/messages.ts';
import type { OpenRelay, RelayPort } from '../../../gateway/rooms/fleet/relay-port.ts';

const transport = (name: string): LocalTransport => ({
  ufrag: `${name}ufrag`,
  pwd: `${name}0123456789abcdefghijkl`,
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
});

/** Relays without media; their ends are the test's. */
export class FakeRelays implements RelayPort {
  /** Of those that are open, by what each is ended. */
  readonly running = new Set<(why: string) => void>();
  readonly connected: Leg[] = [];
  /** Why none is to be had. */
  trouble: string | null = null;

  open(onEnd: (why: string) => void): Promise<OpenRelay> {
    if (this.trouble !== null) return Promise.reject(new Error(this.trouble));
    this.running.add(onEnd);
    return Promise.resolve({
      legs: { pull: transport('pull'), push: transport('push') },
      counts: { packets: 0, bytes: 0, resent: 0, keyframes: 0 },
      connect: (leg: Leg) => {
        this.connected.push(leg);
        return Promise.resolve();
      },
      close: () => void this.running.delete(onEnd),
    });
  }

  /** All of them end by themselves. */
  break(why = 'broken'): void {
    for (const end of [...this.running]) end(why);
  }
}
