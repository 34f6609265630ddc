import { chromiumOffer } from './chromium-offer.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { SignallingClient, type Posted } from './signalling-client.ts';

/** Milliseconds of each POST, in the order they were made. */
export interface JoinLatencies {
  readonly directWhip: readonly number[];
  readonly gatewayWhip: readonly number[];
  readonly directWhep: readonly number[];
  readonly gatewayWhep: readonly number[];
}

/**
 * POSTs of offers, in turns direct to a node without hooks and through a gateway to its node: a
 * room each time, a token that the gateway has not seen, a new connection for each request.
 */
export async function measureJoinLatency(
  gateway: GatewayProcess,
  directUrl: string,
  rounds: number,
): Promise<JoinLatencies> {
  const client = new SignallingClient({ keepAlive: false });
  const latencies = {
    directWhip: new Array<number>(),
    gatewayWhip: new Array<number>(),
    directWhep: new Array<number>(),
    gatewayWhep: new Array<number>(),
  };
  const warmUp = 20;
  for (let round = -warmUp; round < rounds; round += 1) {
    const room = `r${round + warmUp}-${Date.now().toString(36)}`;
    const token = gateway.mint(room, ['publish', 'watch']);
    const direct = (path: string, kind: 'publish' | 'watch'): Promise<Posted> =>
      client.post(`${directUrl}/rtc/v1/${path}/?app=${room}&stream=main`, chromiumOffer(kind));
    const through = (path: string, kind: 'publish' | 'watch'): Promise<Posted> =>
      client.post(`${gateway.url}/${path}/${room}`, chromiumOffer(kind), token);
    const posted = {
      directWhip: await direct('whip', 'publish'),
      gatewayWhip: await through('whip', 'publish'),
      directWhep: await direct('whep', 'watch'),
      gatewayWhep: await through('whep', 'watch'),
    };
    for (const [name, answer] of Object.entries(posted)) {
      if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      if (round >= 0) latencies[name as keyof JoinLatencies].push(answer.elapsedMs);
      await client.delete(answer.location);
    }
  }
  client.close();
  return latencies;
}
