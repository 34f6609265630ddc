import { setTimeout as delay } from 'node:timers/promises';
import type { InputFrame } from '../../gateway/protocol/input.ts';
import { ControlClient, type WishOutcome } from '../../web/core/control/control-client.ts';
import { socketWay } from '../../web/core/control/frame-way.ts';
import { InputSender } from '../../web/core/control/input-sender.ts';
import { ViewerSocket } from '../../web/core/viewer-socket.ts';
import { waitFor } from '../support/wait-for.ts';
import { aNodePort } from './node-port.ts';
import type { ChaosRelay } from './chaos-relay.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Epochs are told apart by the key that is pressed in them, in turns. */
export const KEY_TURN = LETTERS.length;
/** The key of an epoch, by its turn. */
export const codeOfTurn = (turn: number): string => `Key${LETTERS.charAt(turn).toUpperCase()}`;
const FRAME_MS = 8;
/** Five wishes a second are let through. */
const TOO_MANY_MS = 200;

/** A viewer with the browser's own control core, over a path that fails. */
export class ChaosViewer {
  readonly name: string;
  readonly relay: ChaosRelay;
  readonly control: ControlClient;
  readonly #socket: ViewerSocket;
  readonly #sender: InputSender;
  #lastSaid: InputFrame | null = null;
  #staleSent = 0;

  constructor(parts: { name: string; relay: ChaosRelay; room: string; token: string }) {
    const { name, relay, room, token } = parts;
    this.name = name;
    this.relay = relay;
    const url = `${relay.url.replace('http', 'ws')}/ws/control/${room}`;
    this.#socket = new ViewerSocket(aNodePort(), { url, token, source: 'main' });
    this.control = new ControlClient(this.#socket);
    this.#sender = new InputSender({
      nextFrame: (call) => {
        const timer = setTimeout(call, FRAME_MS);
        return () => clearTimeout(timer);
      },
      mark: () => null,
    });
    const way = socketWay(this.#socket);
    this.control.leases.subscribe(() => this.#sender.setLeases(this.control.leases.value));
    this.#socket.on('input/applied', (applied) => this.#sender.confirm(applied));
    this.#socket.welcome.subscribe(() =>
      this.#sender.useWay(
        this.#socket.welcome.value === null
          ? null
          : {
              get isClear() {
                return way.isClear;
              },
              losesMotion: way.losesMotion,
              send: (frame) => {
                this.#lastSaid = frame;
                way.send(frame);
              },
            },
      ),
    );
    this.#socket.open();
  }

  /** Epoch of its keyboard; null: it has none. */
  get epoch(): number | null {
    return this.control.leases.value.keyboard ?? null;
  }

  get staleSent(): number {
    return this.#staleSent;
  }

  /** Waits until it is connected and known. */
  ready(): Promise<unknown> {
    return waitFor(() => this.control.you.value, {
      timeoutMs: 30_000,
      what: `${this.name} to be welcome`,
    });
  }

  /** Wishes until it is answered, and has not wished too often. */
  async wish(act: (control: ControlClient) => Promise<WishOutcome>): Promise<WishOutcome> {
    for (;;) {
      await this.ready();
      const outcome = await act(this.control);
      if (outcome.result !== 'unanswered' && outcome.why !== 'too-many') return outcome;
      await delay(TOO_MANY_MS);
    }
  }

  /** Presses the key of its epoch, and holds it. */
  press(): void {
    const { code, keysym } = keyOf(this.epoch ?? 0);
    this.#sender.key(code, keysym, true, performance.now());
  }

  /** Moves, and holds a button. */
  drag(): void {
    this.#sender.point(Math.random(), Math.random(), performance.now());
    this.#sender.button(0, true, performance.now());
    this.#sender.point(Math.random(), Math.random(), performance.now());
  }

  /** As on blur. */
  letGo(): void {
    this.#sender.release();
  }

  /** Says frames of an epoch that is over, as an old page or a hostile one would. */
  sayStale(count: number): void {
    const last = this.#lastSaid;
    if (last === null || last.epoch === this.epoch) return;
    for (let index = 1; index <= count; index += 1) {
      const held = { keys: [keyOf(last.epoch)], buttons: 1, touches: [], gamepads: [] };
      const frame = { ...last, sequence: last.sequence + index, held, events: [] };
      if (this.#socket.send(frame)) this.#staleSent += 1;
    }
  }

  close(): void {
    this.#sender.close();
    this.control.close();
    this.#socket.close();
    this.relay.close();
  }
}

function keyOf(epoch: number): { readonly code: string; readonly keysym: number } {
  const turn = epoch % KEY_TURN;
  return { code: codeOfTurn(turn), keysym: LETTERS.charCodeAt(turn) };
}
