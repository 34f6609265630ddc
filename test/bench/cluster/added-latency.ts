import { once } from 'node:events';
import { connect } from 'node:net';
import { chromiumOffer } from '../chromium-offer.ts';
import type { GatewayProcess } from '../gateway-process.ts';
import { SignallingClient } from '../signalling-client.ts';

/** Milliseconds of POSTs, by what was asked. */
export interface AddedLatencies {
  readonly whipAlone: readonly number[];
  readonly whipHome: readonly number[];
  readonly whepAlone: readonly number[];
  readonly whepHome: readonly number[];
  /** Of a room that is at home at the other gateway. */
  readonly whepHandedOn: readonly number[];
  /** `PING` of Redis by a bare socket: what one question costs at the least. */
  readonly ping: readonly number[];
}

const WARM_UP = 20;

/** Offers in turn to a gateway that stands alone, to the home of a room, and by another to its home. */
export async function measureAddedLatency(
  alone: GatewayProcess,
  [home, other]: readonly [GatewayProcess, GatewayProcess],
  { redisPort, rounds }: { readonly redisPort: number; readonly rounds: number },
): Promise<AddedLatencies> {
  const client = new SignallingClient({ keepAlive: false });
  const taken = {
    ...{ whipAlone: new Array<number>(), whipHome: new Array<number>() },
    ...{ whepAlone: new Array<number>(), whepHome: new Array<number>() },
    ...{ whepHandedOn: new Array<number>(), ping: new Array<number>() },
  };
  const redis = connect(redisPort, '127.0.0.1').setNoDelay(true);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const room = `r${round + WARM_UP}-${Date.now().toString(36)}`;
    const locations: string[] = [];
    const post = async (
      name: Exclude<keyof AddedLatencies, 'ping'>,
      gateway: GatewayProcess,
      path: 'whip' | 'whep',
    ): Promise<void> => {
      const token = gateway.mint(room, ['publish', 'watch']);
      const offer = chromiumOffer(path === 'whip' ? 'publish' : 'watch');
      const posted = await client.post(`${gateway.url}/${path}/${room}`, offer, token);
      if (posted.status !== 201) throw new Error(`${name}: ${posted.status} ${posted.text}`);
      if (round >= 0) taken[name].push(posted.elapsedMs);
      locations.push(posted.location);
    };
    await post('whipAlone', alone, 'whip');
    await post('whipHome', home, 'whip');
    await post('whepAlone', alone, 'whep');
    await post('whepHome', home, 'whep');
    await post('whepHandedOn', other, 'whep');
    const askedAt = performance.now();
    redis.write('PING\r\n');
    await once(redis, 'data');
    if (round >= 0) taken.ping.push(performance.now() - askedAt);
    for (const location of locations) await client.delete(location);
  }
  redis.destroy();
  client.close();
  return taken;
}
