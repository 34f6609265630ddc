import { randomBytes } from 'node:crypto';
import { EngineProcess } from '../contract/engine-process.ts';
import { anOffer } from '../contract/sdp-offer.ts';
import { callSrs } from '../contract/srs-http.ts';
import { namedSrsNodes } from '../contract/srs-node-target.ts';
import { freeTcpPort } from '../net/free-port.ts';
import { GatewayProcess } from './gateway-process.ts';
import { HookRelay } from './hook-relay.ts';

const LOGIN = { user: 'admin', password: 's3cret' };

/** A media server that somebody else publishes at too, past the gateway in front of it. */
export interface SharedNodeStage {
  readonly gateway: GatewayProcess;
  /** A new room whose publications the gateway is not asked about. */
  newRoom(): string;
  /** From now on the gateway is asked about the room. */
  tellOf(room: string): void;
  /** Publishes at the media server itself and goes away; resolves with the status, null: refused. */
  publishThere(room: string, source: string): Promise<number | null>;
  close(): Promise<void>;
}

/** On the first of `SRS_NODES`, whose hooks must point at `E2E_PORT`; else on an engine as SRS 6. */
export async function openSharedNode(): Promise<SharedNodeStage> {
  const [named] = namedSrsNodes();
  const port = await freeTcpPort();
  const relayPort = named === undefined ? await freeTcpPort() : realHooksPort();
  const relay = await HookRelay.listen(relayPort, `http://127.0.0.1:${port}`);
  const secret = process.env['HOOK_SECRET'] ?? 'a-hook-secret-for-tests';
  const engine =
    named === undefined
      ? await EngineProcess.start({
          ENGINE_COMPAT: '6',
          ENGINE_HOOKS_URL: `http://127.0.0.1:${relayPort}/api/srs?secret=${secret}`,
          ENGINE_API_USER: LOGIN.user,
          ENGINE_API_PASSWORD: LOGIN.password,
        })
      : null;
  const node = new URL(named ?? engine?.current.apiUrl ?? '');
  if (named === undefined) [node.username, node.password] = [LOGIN.user, LOGIN.password];
  const gateway = await GatewayProcess.start({
    SRS_NODES: node.href.replace(/\/$/, ''),
    HOOK_SECRET: secret,
    PORT: String(port),
  });
  return {
    gateway,
    newRoom: () => {
      const room = `stuck-${randomBytes(4).toString('hex')}`;
      relay.lost.add(room);
      return room;
    },
    tellOf: (room) => relay.lost.delete(room),
    publishThere: async (room, source) => {
      const { status } = await callSrs(node.origin, `/rtc/v1/whip/?app=${room}&stream=${source}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp' },
        body: anOffer('publish'),
      });
      return status;
    },
    close: async () => {
      await gateway.close();
      await engine?.stop();
      await relay.close();
    },
  };
}

const realHooksPort = (): number => Number(process.env['E2E_PORT'] ?? '8085');
