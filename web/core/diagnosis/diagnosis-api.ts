import type { DiagnosisView, GatewayTime } from '../../../gateway/protocol/diagnosis.ts';
import type { IceServerList } from '../../../gateway/protocol/ice.ts';
import type { ApiClient } from '../api-client.ts';
import type { ClockReading } from './clock.ts';

/** The gateway's side of a diagnosis; throws as {@link ApiClient} does. */
export class DiagnosisApi {
  readonly #client: ApiClient;
  readonly #path: string;

  constructor(client: ApiClient, { room, source }: { room: string; source: string }) {
    this.#client = client;
    this.#path = `diagnosis/rooms/${room}/${source}`;
  }

  /** Needs no good token. */
  async readClock(): Promise<ClockReading> {
    const askedAtMs = Date.now();
    const response = await this.#client.request('diagnosis', { method: 'GET' });
    const heardAtMs = Date.now();
    const { now } = (await response.json()) as GatewayTime;
    return { askedAtMs, heardAtMs, gatewayMs: now };
  }

  async readView(): Promise<DiagnosisView> {
    const response = await this.#client.request(this.#path, { method: 'GET' });
    return (await response.json()) as DiagnosisView;
  }

  async readIceServers(): Promise<IceServerList['iceServers']> {
    const response = await this.#client.request('ice-servers', { method: 'GET' });
    return ((await response.json()) as IceServerList).iceServers;
  }
}
