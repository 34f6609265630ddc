import type { RoomId } from '../protocol/ids.ts';
import type { ClusterNews, Home, HomeKeeper, PeerGateway } from './homes.ts';

const HERE: Home = { here: true, term: 0 };

/** Of a gateway that has no others beside it: every room is at home here, in term 0. */
export class LoneHomes implements HomeKeeper, ClusterNews {
  readonly name = 'here';
  readonly isAlone = true;

  use(): void {
    return;
  }

  homeOf(): Promise<Home> {
    return Promise.resolve(HERE);
  }

  find(): Promise<Home> {
    return Promise.resolve(HERE);
  }

  isHere(): boolean {
    return true;
  }

  termOf(): number {
    return 0;
  }

  rooms(): Iterable<RoomId> {
    return [];
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  peers(): readonly PeerGateway[] {
    return [];
  }

  tell(): Promise<boolean> {
    return Promise.resolve(true);
  }

  hear(): void {
    return;
  }
}
