import { Gauge, type Registry } from 'prom-client';
import { AddressView } from '../protocol/addresses.ts';

const FAULTS = AddressView.shape.remarks.element.shape.fault.options;

/** Figures of the addresses that clients are told, without the addresses. */
export function watchAddresses(registry: Registry, views: () => readonly AddressView[]): void {
  const registers = [registry];
  new Gauge({
    name: 'pixelcast_media_address_remarks',
    help: 'Media servers whose announced addresses have a fault.',
    labelNames: ['fault'] as const,
    registers,
    collect() {
      const all = views();
      for (const fault of FAULTS) {
        const having = all.filter(({ remarks }) => remarks.some((each) => each.fault === fault));
        this.set({ fault }, having.length);
      }
    },
  });
  new Gauge({
    name: 'pixelcast_media_addresses_probed',
    help: 'Announced media addresses by whether the last ICE check from here was answered.',
    labelNames: ['reachable'] as const,
    registers,
    collect() {
      const probes = views().flatMap((view) => view.probes);
      const reached = probes.filter(({ reachable }) => reachable).length;
      this.set({ reachable: 'yes' }, reached);
      this.set({ reachable: 'no' }, probes.length - reached);
    },
  });
}
