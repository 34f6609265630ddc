import { arch, hostname, release, type as systemName, version as systemVersion } from 'node:os';
import type { Edge } from '../edge.ts';
import type { Identity } from '../identity.ts';
import type { Roster } from '../roster.ts';
import type { Traffic } from '../traffic.ts';
import type { Machine } from './machine.ts';

interface MetricsParts {
  readonly edge: Edge;
  readonly identity: Identity;
  readonly roster: Roster;
  readonly machine: Machine;
  readonly traffic: Readonly<Traffic>;
}

/** SRS's Prometheus page: its names, types and units, nothing per stream; then the engine's packets. */
export function renderMetrics({ edge, identity, roster, machine, traffic }: MetricsParts): string {
  roster.count();
  const uname = labels({
    sysname: systemName(),
    nodename: hostname(),
    release: release(),
    version: systemVersion(),
    machine: arch(),
  });
  const build = labels({
    server: identity.serverId,
    service: identity.serviceId,
    pid: String(identity.pid),
    build_date: '',
    major: String(edge.line),
    version: edge.version,
    code: 'PixelCast',
  });
  return [
    metric('node_uname_info', 'gauge', 'Labeled system information.', 1, uname),
    metric('build_info', 'gauge', 'A constant 1, labeled by what runs.', 1, build),
    metric('cpu_percent', 'gauge', 'CPU used, in percent of one core.', machine.processShare * 100),
    metric(
      'memory',
      'gauge',
      'Memory used, in kilobytes.',
      Math.floor(process.memoryUsage.rss() / 1024),
    ),
    metric('send_bytes_total', 'counter', 'Bytes sent.', roster.meter.sentBytes),
    metric('receive_bytes_total', 'counter', 'Bytes received.', roster.meter.receivedBytes),
    metric('streams', 'gauge', 'Streams now.', roster.streamCount()),
    metric('clients', 'gauge', 'Clients now.', roster.clientCount()),
    metric('clients_total', 'counter', 'Clients since the start.', roster.clientsEver),
    metric('clients_errs_total', 'counter', 'Clients ended by an error.', roster.errorsEver),
    '# HELP pixelcast_engine_packets_total RTP and RTCP packets by what became of them.\n',
    '# TYPE pixelcast_engine_packets_total counter\n',
    ...Object.entries(traffic).map(
      ([what, count]) => `pixelcast_engine_packets_total{what="${what}"} ${count}\n`,
    ),
  ].join('');
}

function metric(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: number,
  tags = '',
): string {
  return `# HELP srs_${name} ${help}\n# TYPE srs_${name} ${type}\nsrs_${name}${tags} ${value}\n`;
}

function labels(values: Readonly<Record<string, string>>): string {
  const escape = (text: string): string =>
    text.replace(/["\\\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${escape(value)}"`);
  return `{${pairs.join(',')}}`;
}
