import { describe, expect, it } from 'vitest';
import { HostError } from '../../../host-publisher/host-error.ts';
import { PublisherFallback } from '../../../host-publisher/supervision/publisher-fallback.ts';

const broken = new HostError('media', 'GStreamer stopped.');

describe('the publisher of auto', () => {
  it('is left to the project’s own when GStreamer’s does not start', () => {
    const fallback = new PublisherFallback('auto');
    fallback.chose('whipclientsink');
    expect(fallback.failed(broken)).toBe(
      "whipclientsink does not start here (GStreamer stopped.): the project's own publisher takes over.",
    );
    expect(fallback.excluded).toEqual(['whipclientsink', 'whipsink']);
  });

  it('stays GStreamer’s once it has worked', () => {
    const fallback = new PublisherFallback('auto');
    fallback.chose('whipsink');
    fallback.worked();
    expect(fallback.failed(broken)).toBeNull();
    expect(fallback.excluded).toEqual([]);
  });

  it.each([
    ['one that was asked for', 'whipsink', 'whipsink', broken],
    ['the project’s own', 'auto', 'native', broken],
    ['a refusal of the gateway', 'auto', 'whipsink', new HostError('refused', 'No.')],
  ] as const)('is not replaced: %s', (_, wanted, chosen, error) => {
    const fallback = new PublisherFallback(wanted);
    fallback.chose(chosen);
    expect(fallback.failed(error)).toBeNull();
    expect(fallback.excluded).toEqual([]);
  });
});
