import type { NetworkStage } from './chaos-network-stage.ts';

/** What is the matter with a viewer's network. */
export interface Trouble {
  /** So it is before the page is opened. */
  readonly before?: (stage: NetworkStage) => void;
  /** So it becomes while the picture moves. */
  readonly blow?: (stage: NetworkStage) => void;
  /** Modes of the page that it leaves nothing. */
  readonly barredIn?: readonly string[];
}

const slow = ({ relay }: NetworkStage): void => {
  const path = { delayMs: 100, lossRatio: 0.05 };
  relay.setToTarget(path);
  relay.setToClients(path);
};
const block = ({ wall }: NetworkStage): void => wall.blockUdp();
const turnOnly = ({ wall, turnPort }: NetworkStage): void => wall.blockUdpBut(turnPort);

/** By name; `none` is what the others are held against. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  none: {},
  'udp-blocked': { before: block, barredIn: ['webrtc'] },
  'udp-cut': { blow: block, barredIn: ['webrtc'] },
  'udp-back': { before: block, blow: ({ wall }) => wall.allowUdp(), barredIn: ['webrtc'] },
  'turn-only': { before: turnOnly },
  'turn-left': { blow: turnOnly },
  'nat-rebinding': { blow: ({ relay }) => relay.rebind() },
  'loss-and-delay': { before: slow },
  'loss-comes': { blow: slow },
  'address-change': { blow: ({ wall }) => wall.changeAddress() },
};
