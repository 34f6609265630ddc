import { Counter, Gauge, type Registry } from 'prom-client';

/** Figures of a gateway that is one of several. */
export function watchCluster(
  registry: Registry,
  {
    homes,
    forwarder,
    link,
  }: {
    readonly homes: {
      readonly size: number;
      readonly takenOver: number;
      peers(): readonly unknown[];
    };
    readonly forwarder: { readonly size: number };
    readonly link: { readonly isReady: boolean };
  },
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read());
      },
    });
  gauge('pixelcast_cluster_redis_connected', '1 while rooms find their gateway by Redis.', () =>
    link.isReady ? 1 : 0,
  );
  gauge('pixelcast_cluster_peers', 'Other gateways that are alive.', () => homes.peers().length);
  gauge('pixelcast_cluster_rooms', 'Rooms that are at home here.', () => homes.size);
  gauge(
    'pixelcast_cluster_handed_on',
    'Requests and sockets that are at other gateways now.',
    () => forwarder.size,
  );
  new Counter({
    name: 'pixelcast_cluster_taken_over_total',
    help: 'Rooms of other gateways that came here.',
    registers,
    collect() {
      this.reset();
      this.inc(homes.takenOver);
    },
  });
}
