import type { AddressView } from '../../../gateway/protocol/addresses.ts';
import { UNKNOWN, showMilliseconds } from '../../ui/quantity.ts';

/** Where clients are told to send media, each with what the gateway's own check came to. */
export function NodeAddresses({ view }: { readonly view: AddressView }) {
  if (view.announced.length === 0) return UNKNOWN;
  return view.announced.map((address) => <div key={address}>{showAddress(address, view)}</div>);
}

/** `203.0.113.7:8000 (1 ms)`, or why the gateway's own check had no answer. */
function showAddress(address: string, { probes }: AddressView): string {
  const probe = probes.find((view) => view.address === address);
  if (probe === undefined) return address;
  return `${address} (${probe.error ?? showMilliseconds(probe.roundTripMs)})`;
}
