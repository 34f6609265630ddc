import type { Entrance, Exchange } from './exchange.ts';

const ALONE: Entrance = { result: 'entered', others: [], isWhole: true };

/** Of a gateway that has no others beside it. */
export class LoneExchange implements Exchange {
  readonly gateway = 'here';
  readonly isReady = true;

  start(): void {
    return;
  }

  enter(): Promise<Entrance> {
    return Promise.resolve(ALONE);
  }

  change(): void {
    return;
  }

  leave(): void {
    return;
  }

  tell(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
