import { readAnnouncedAddress, type AnnouncedAddress } from '../addresses/announced-address.ts';
import { GatewayError } from '../errors.ts';
import type { NodeEntry } from '../protocol/api/nodes.ts';
import { nodeAt, nodeLimits, type NodeSettings } from './node-settings.ts';
import { Secret } from './secret.ts';

type Common = Parameters<typeof nodeAt>[1] &
  Parameters<typeof nodeLimits>[0] & { readonly nodePassword: Secret };

/** A server of the file or of an administrator; what it leaves out is as for all. @throws GatewayError `bad-request` */
export function nodeOfEntry(entry: NodeEntry, common: Common): NodeSettings {
  const { url, signallingUrl, user, password, announced } = entry;
  const usual = nodeAt(url, common, common.nodePassword);
  const all = nodeLimits(common);
  const ownUser = user ?? usual.user;
  return {
    apiUrl: usual.apiUrl,
    signallingUrl:
      signallingUrl === undefined
        ? usual.signallingUrl
        : nodeAt(signallingUrl, common, common.nodePassword).apiUrl,
    user: ownUser,
    password:
      ownUser === undefined || password === undefined ? usual.password : new Secret(password),
    ...(announced === undefined ? {} : { announced: announced.map(readAddress) }),
    limits: {
      sessions: entry.maxSessions ?? all.sessions,
      cpuShare: entry.maxCpuPercent === undefined ? all.cpuShare : entry.maxCpuPercent / 100,
      bitrate: entry.maxMbps === undefined ? all.bitrate : entry.maxMbps * 1_000_000,
    },
  };
}

function readAddress(word: string): AnnouncedAddress {
  const address = readAnnouncedAddress(word);
  if (address !== null) return address;
  throw new GatewayError('bad-request', 'announced: must be addresses, with or without a port.');
}
