import type { Registry as Figures } from 'prom-client';
import type { AddressDesk } from './addresses/address-desk.ts';
import type { IceDesk } from './ice/ice-desk.ts';
import { watchAddresses } from './observability/address-figures.ts';
import { watchIceSources } from './observability/ice-figures.ts';
import { watchRecordings } from './observability/recording-figures.ts';
import { watchTables } from './observability/table-sizes.ts';

interface Sized {
  readonly size: number;
}

/** Figures of what a gateway is made of, read at each scrape. */
export function watchParts(
  figures: Figures,
  parts: Parameters<typeof watchRecordings>[1] & {
    readonly iceServers: IceDesk;
    readonly addresses: AddressDesk;
    readonly registry: Sized & { readonly roomCount: number };
    readonly tickets: Sized;
    readonly trials: Sized;
    readonly diaries: Sized;
    readonly limits: Sized;
    readonly listeners: { readonly addresses: number };
    /** Sizes of what clients can fill, by their names. */
    readonly tables: Readonly<Record<string, () => number>>;
    readonly now: () => number;
  },
): void {
  const { iceServers, addresses, registry, tickets, trials, diaries, limits, now } = parts;
  watchIceSources(figures, { views: () => iceServers.views(), now });
  watchAddresses(figures, () => addresses.views());
  watchRecordings(figures, parts);
  watchTables(figures, {
    sessions: () => registry.size,
    rooms: () => registry.roomCount,
    tickets: () => tickets.size,
    trials: () => trials.size,
    diaries: () => diaries.size,
    limiter: () => limits.size,
    addresses: () => parts.listeners.addresses,
    ...parts.tables,
  });
}
