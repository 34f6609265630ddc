import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { X11Witness } from '../support/host/x11-witness.ts';
import { openVirtualDisplay, type VirtualDisplay } from '../support/host/virtual-display.ts';
import { freeTcpPort, freeUdpPort } from '../support/net/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { ChaosKeys } from './chaos-keys.ts';
import { ChaosRelay, type Fate } from './chaos-relay.ts';
import { ChaosViewer } from './chaos-viewer.ts';
import { GATEWAY, findGatewayPlace, gatewaySettings, mint } from './gateway-process.ts';
import { RestartedProcess } from './restarted-process.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ENGINE = at('../../srs/embedded/main.ts');
const HOST = at('../../host-publisher/main.ts');
const ROOM = 'chaos';
const SCREEN = { width: 640, height: 360 };
const TOKEN_SECONDS = 24 * 3600;
/** Longer than a hand-over takes. */
const LATEST_MS = 120;

/** How paths fail: shares of input frames, 0 to 1. */
export interface Faults {
  readonly loss: number;
  readonly late: number;
}

/** Node, gateway and agent as restarted processes, an X display that is watched, and viewers. */
export class ChaosInputStage {
  readonly keys: ChaosKeys;
  readonly agent: RestartedProcess;
  readonly gateway: RestartedProcess;
  readonly #witness: X11Witness;
  readonly viewers: readonly ChaosViewer[];
  readonly #close: () => Promise<void>;

  private constructor(parts: {
    agent: RestartedProcess;
    gateway: RestartedProcess;
    witness: X11Witness;
    viewers: readonly ChaosViewer[];
    keys: ChaosKeys;
    close: () => Promise<void>;
  }) {
    this.agent = parts.agent;
    this.gateway = parts.gateway;
    this.#witness = parts.witness;
    this.viewers = parts.viewers;
    this.keys = parts.keys;
    this.#close = parts.close;
  }

  static async open(count: number, faults: Faults): Promise<ChaosInputStage> {
    const screen: VirtualDisplay = await openVirtualDisplay(SCREEN);
    const place = await findGatewayPlace();
    const dataDir = mkdtempSync(join(tmpdir(), 'chaos-'));
    const api = await freeTcpPort();
    const engine = new RestartedProcess({
      command: [process.execPath, ENGINE],
      env: {
        ENGINE_API_PORT: String(api),
        MEDIA_PORT: String(await freeUdpPort()),
        MEDIA_BIND: '127.0.0.1',
        ENGINE_HOOKS_URL: place.hooksUrl,
        LOG_LEVEL: 'warn',
      },
    });
    const gateway = new RestartedProcess({
      command: [process.execPath, GATEWAY],
      env: gatewaySettings(place, dataDir, { nodeUrls: [`http://127.0.0.1:${api}`] }),
    });
    const url = `http://127.0.0.1:${place.port}`;
    await waitFor(async () => (await fetch(`${url}/readyz`)).ok, {
      timeoutMs: 20_000,
      what: 'the gateway to be ready',
    });
    const witness = await X11Witness.open(screen.name, { x: 0, y: 0, ...SCREEN });
    const keys = new ChaosKeys(witness);
    const hostPath = await ChaosRelay.open(url, fateOf({ ...faults, loss: 0 }));
    const agent = new RestartedProcess({
      command: [
        process.execPath,
        HOST,
        ...['--gateway', hostPath.url, '--room', ROOM],
        ...['--source', 'desktop', '--display', screen.name],
      ],
      env: {
        CS_TOKEN: mint(ROOM, ['publish', 'host'], 'host', TOKEN_SECONDS),
        CS_WIDTH: String(SCREEN.width),
        CS_HEIGHT: String(SCREEN.height),
        CS_PUBLISHER: 'native',
      },
    });
    const viewers = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const name = index === 0 ? 'owner' : `viewer-${index}`;
        const can = index === 0 ? (['admin'] as const) : (['watch', 'control'] as const);
        const token = mint(ROOM, can, name, TOKEN_SECONDS);
        const relay = await ChaosRelay.open(url, fateOf(faults));
        return new ChaosViewer({ name, relay, room: ROOM, token });
      }),
    );
    const close = async (): Promise<void> => {
      for (const viewer of viewers) viewer.close();
      await agent.close();
      hostPath.close();
      await gateway.close();
      await engine.close();
      witness.close();
      await screen.close();
      rmSync(dataDir, { recursive: true, force: true });
    };
    return new ChaosInputStage({ agent, gateway, witness, viewers, keys, close });
  }

  /** The one that has control; null: nobody has. */
  get holder(): ChaosViewer | null {
    return this.viewers.find(({ epoch }) => epoch !== null) ?? null;
  }

  get owner(): ChaosViewer {
    const [owner] = this.viewers;
    if (owner === undefined) throw new Error('no owner');
    return owner;
  }

  /** How many keys and buttons the X server holds down. */
  async held(): Promise<number> {
    const [keys, buttons] = await Promise.all([
      this.#witness.keysDown(),
      this.#witness.buttonsDown(),
    ]);
    return keys.length + buttons.length;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Input frames are lost or late, nothing else: the rest is asked for again by nobody. */
function fateOf({ loss, late }: Faults): (text: string) => Fate {
  return (text) => {
    if (!text.includes('"input/frame"')) return 'comes';
    const dice = Math.random();
    if (dice < loss) return 'lost';
    return dice < loss + late ? Math.random() * LATEST_MS : 'comes';
  };
}
