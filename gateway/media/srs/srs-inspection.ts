import type { z } from 'zod';
import type { NodeStream, NodeSummary, NodeVhost } from '../../protocol/api/node-inspection.ts';
import type { InspectedClient, NodeInspection } from '../node.ts';
import {
  ClientsInspected,
  StreamsInspected,
  SummariesReply,
  VhostsInspected,
  type InspectedVhost,
} from './inspection-schemas.ts';

/** A GET of the node's API, parsed. @throws GatewayError */
type Ask = <T extends z.ZodType>(operation: string, path: string, schema: T) => Promise<z.infer<T>>;

/** What a server of SRS's contract tells of itself, in our words, whatever its version. */
export class SrsInspection implements NodeInspection {
  readonly #ask: Ask;
  readonly #whole: string;

  /** `whole` is the query that asks for a list as one page. */
  constructor(ask: Ask, whole: string) {
    this.#ask = ask;
    this.#whole = whole;
  }

  async summary(): Promise<NodeSummary> {
    const { data } = await this.#ask('summaries', '/api/v1/summaries', SummariesReply);
    const { self, system } = data;
    return {
      version: self.version,
      pid: Math.trunc(self.pid),
      uptimeSeconds: self.srs_uptime,
      cpuShare: self.cpu_percent,
      memoryBytes: self.mem_kbyte * 1024,
      eventLoopDelayP99Ms: self.event_loop_delay_p99_ms,
      machine: {
        cpuShare: system.cpu_percent,
        cpus: Math.trunc(system.cpus),
        memoryShare: system.mem_ram_percent,
        load1m: system.load_1m,
        uptimeSeconds: system.uptime,
        receivedBytes: system.srs_recv_bytes,
        sentBytes: system.srs_send_bytes,
        connections: Math.trunc(system.conn_srs),
      },
    };
  }

  async streams(): Promise<readonly NodeStream[]> {
    const path = `/api/v1/streams/${this.#whole}`;
    const { streams } = await this.#ask('stream figures', path, StreamsInspected);
    return streams.map((stream) => ({
      id: stream.id,
      path: pathOf(stream),
      vhost: stream.vhost,
      active: stream.publish.active,
      publisher: stream.publish.cid,
      clients: stream.clients,
      ...trafficOf(stream),
      video: stream.video,
      audio: stream.audio && {
        codec: stream.audio.codec,
        sampleRate: stream.audio.sample_rate,
        channels: stream.audio.channel,
      },
    }));
  }

  async clients(): Promise<readonly InspectedClient[]> {
    const path = `/api/v1/clients/${this.#whole}`;
    const { clients } = await this.#ask('client figures', path, ClientsInspected);
    return clients.map((client) => ({
      id: client.id,
      path: pathOf(client),
      vhost: client.vhost,
      type: client.type,
      publishes: client.publish,
      address: client.ip,
      aliveSeconds: client.alive,
      ...trafficOf(client),
    }));
  }

  async vhosts(): Promise<readonly NodeVhost[]> {
    const path = `/api/v1/vhosts/${this.#whole}`;
    const { vhosts } = await this.#ask('vhost figures', path, VhostsInspected);
    return vhosts.map(({ hls, ...vhost }) => ({
      id: vhost.id,
      name: vhost.name,
      enabled: vhost.enabled,
      clients: vhost.clients,
      streams: vhost.streams,
      ...trafficOf(vhost),
      hls: hls.enabled,
    }));
  }
}

const pathOf = ({ url }: { readonly url: string }): string => url.replace(/^\//, '');

type Counted = Pick<z.infer<typeof InspectedVhost>, 'send_bytes' | 'recv_bytes' | 'kbps'>;

const trafficOf = ({ send_bytes, recv_bytes, kbps }: Counted) => ({
  receivedBytes: recv_bytes,
  sentBytes: send_bytes,
  receivedKbps: kbps.recv_30s,
  sentKbps: kbps.send_30s,
});
