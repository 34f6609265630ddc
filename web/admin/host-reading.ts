import type { Api } from '../../gateway/protocol/api/client.ts';
import { getControl } from '../../gateway/protocol/api/control.ts';
import { listHosts } from '../../gateway/protocol/api/hosts.ts';
import type { ControlView } from '../../gateway/protocol/control-record.ts';
import type { HostView } from '../../gateway/protocol/host.ts';
import type { RoomId } from '../../gateway/protocol/ids.ts';

/** A host and where it is. */
export interface RoomHost {
  readonly room: RoomId;
  readonly view: HostView;
  /** Null where nothing can be controlled, or nothing is told. */
  readonly control: ControlView | null;
}

/** Names a host on a page. */
export const hostKey = ({ room, view }: RoomHost): string => `${room}/${view.source}`;

/** The hosts of a room, and who controls them; throws as the API does. */
export async function readHosts(api: Api, room: RoomId): Promise<readonly RoomHost[]> {
  const { items } = await api.call(listHosts, { params: { room } });
  return await Promise.all(
    items.map(async (view) => ({ room, view, control: await readControl(api, room, view) })),
  );
}

async function readControl(api: Api, room: RoomId, view: HostView): Promise<ControlView | null> {
  if (view.capabilities.devices.length === 0) return null;
  try {
    return await api.call(getControl, { params: { room, source: view.source } });
  } catch {
    return null;
  }
}
