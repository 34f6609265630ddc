import { ALLOCATOR } from '../../native/child-memory.ts';
import type { ChannelSettings } from '../input-channel/input-channels.ts';
import type { Config } from './load.ts';

/** Of the process of the data channels: nothing of our environment but what a process needs to start. */
export function channelSettings(config: Config): ChannelSettings {
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  const { INPUT_PORT: port, INPUT_CANDIDATE: own, MEDIA_CANDIDATE: media } = config;
  const [shared = []] = media.length === 1 ? media : [];
  return {
    port,
    addresses: own.length > 0 ? own : [...new Set(shared.map(({ host }) => host))],
    environment: { PATH, HOME, SystemRoot, ...ALLOCATOR },
  };
}
