import type { MachineView } from '../../gateway/protocol/api/machine.ts';
import type { NodeView } from '../../gateway/protocol/api/nodes.ts';
import type { WebhookView } from '../../gateway/protocol/api/webhooks.ts';
import type { IceSourceView } from '../../gateway/protocol/ice-sources.ts';
import { showDuration } from '../ui/quantity.ts';
import { iceSourceNames } from './admin-words.ts';
import type { ConsolePageName } from './console-route.ts';
import { showBytes } from './recording-words.ts';

/** Something that somebody should see to. */
export interface Trouble {
  readonly key: string;
  /** `bad`: something does not work; `note`: something will not work for some. */
  readonly weight: 'bad' | 'note';
  readonly sentence: string;
  /** Where it is seen in full, or mended. */
  readonly page: ConsolePageName;
  /** The one thing of that page. */
  readonly item?: string;
}

/** What the troubles are found in; null where it is not told. */
export interface Standing {
  readonly nodes: readonly NodeView[] | null;
  readonly iceSources: readonly IceSourceView[] | null;
  readonly webhooks: readonly WebhookView[] | null;
  readonly machine: MachineView | null;
  /** How far the clock of this browser is from the gateway's, in milliseconds. */
  readonly clockApartMs: number;
}

/** Two clocks may differ so much before tokens are refused. */
const CLOCK_MS = 5_000;
/** A hook that was refused longer ago has been mended, or nobody shares. */
const HOOK_MS = 15 * 60_000;

/** What somebody should see to now, the worst first. */
export function findTroubles(standing: Standing): readonly Trouble[] {
  const { nodes, iceSources, webhooks, machine, clockApartMs } = standing;
  const all = [
    ...nodeTroubles(nodes ?? []),
    ...(machine === null ? [] : [...diskTroubles(machine), ...hookTroubles(machine)]),
    ...webhookTroubles(webhooks ?? []),
    ...clockTroubles(clockApartMs),
    ...iceTroubles(iceSources),
  ];
  return all.toSorted((a, b) => Number(a.weight === 'note') - Number(b.weight === 'note'));
}

function nodeTroubles(nodes: readonly NodeView[]): readonly Trouble[] {
  const trouble = { weight: 'bad', page: 'nodes' } as const;
  if (nodes.length > 0 && nodes.every(({ healthy }) => !healthy)) {
    const sentence = 'No media server is ready: nobody can share or watch by WebRTC.';
    return [{ ...trouble, key: 'nodes', sentence }];
  }
  return nodes.flatMap(({ node, healthy, detail, addresses, trialError }) => {
    const of = (sentence: string) => ({
      ...{ ...trouble, key: `${node} ${sentence}`, sentence, item: node },
    });
    if (!healthy) return [of(`The media server ${node} is away. ${detail}`.trim())];
    return [
      ...(trialError === null ? [] : [of(showTrial(node, trialError))]),
      ...addresses.remarks.map(({ sentence }) => of(`${node}: ${sentence}`)),
    ];
  });
}

const showTrial = (node: string, error: string): string =>
  `${node} does not let the gateway’s own trial in. ${error} Its http_hooks must name this gateway and its secret.`;

function diskTroubles({ disks }: MachineView): readonly Trouble[] {
  return disks
    .filter(({ freeBytes, leastFreeBytes }) => freeBytes < leastFreeBytes)
    .map(({ use, folder, freeBytes, totalBytes }) => {
      const left = `${showBytes(freeBytes)} of ${showBytes(totalBytes)} are free at ${folder}.`;
      const key = `disk ${use}`;
      return use === 'recordings'
        ? {
            ...{ key, weight: 'bad', page: 'recordings' },
            sentence: `The disk of the recordings is nearly full: ${left} Recordings end, and none begins.`,
          }
        : {
            ...{ key, weight: 'bad', page: 'settings' },
            sentence: `The disk of the gateway’s data is nearly full: ${left}`,
          };
    });
}

function hookTroubles({ refusedHooks, now }: MachineView): readonly Trouble[] {
  if (refusedHooks === null || now - refusedHooks.lastAt > HOOK_MS) return [];
  const { count, lastAt, address } = refusedHooks;
  const times = count === 1 ? 'once' : `${count} times`;
  const sentence = `A media server at ${address} calls with a wrong hook secret (${times}, last ${showDuration(now - lastAt)} ago): nobody can share there. Its http_hooks must carry HOOK_SECRET.`;
  return [{ key: 'hooks', weight: 'bad', sentence, page: 'nodes' }];
}

function webhookTroubles(webhooks: readonly WebhookView[]): readonly Trouble[] {
  return webhooks.flatMap(({ id, url, waiting, disabledWhy, failingSince }) => {
    const { origin } = new URL(url);
    const place = { page: 'webhooks', item: id } as const;
    const trouble = { key: `webhook ${id}`, weight: 'bad', ...place } as const;
    if (disabledWhy !== null) {
      return [{ ...trouble, sentence: `${origin} is told no more. ${disabledWhy}` }];
    }
    if (failingSince === null) return [];
    return [{ ...trouble, sentence: `${origin} takes no events; ${waiting} wait.` }];
  });
}

function clockTroubles(apartMs: number): readonly Trouble[] {
  if (apartMs <= CLOCK_MS) return [];
  const sentence = `The clocks of this browser and of the gateway are ${showDuration(apartMs)} apart: links and logins may count as expired. Let both keep time by NTP.`;
  return [{ key: 'clock', weight: 'bad', sentence, page: 'settings' }];
}

function iceTroubles(sources: readonly IceSourceView[] | null): readonly Trouble[] {
  const page = 'ice';
  if (sources?.length === 0) {
    const sentence =
      'No STUN or TURN server is configured: who is behind a firewall that lets no UDP through sees no picture by WebRTC.';
    return [{ key: 'ice', weight: 'note', sentence, page }];
  }
  return (sources ?? []).flatMap(({ source, failures, lastError, probes }) => {
    const of = (key: string, sentence: string) => ({
      ...({ key: `ice ${key}`, weight: 'bad', page } as const),
      sentence: sentence.trim(),
    });
    const name = iceSourceNames[source];
    return [
      ...(failures === 0
        ? []
        : [of(source, `${name} gives no STUN and TURN servers. ${lastError ?? ''}`)]),
      ...probes
        .filter(({ reachable }) => !reachable)
        .map(({ url, error }) => of(url, `${url} does not answer. ${error ?? ''}`)),
    ];
  });
}
