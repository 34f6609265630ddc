import { describe, expect, test } from 'vitest';
import { aControlledHost, aController } from '../../../support/gateway/a-controlled-room.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';

const leasesOf = (epoch: number | null) => ({
  leases: { pointer: epoch, keyboard: epoch, gamepad: epoch },
});

describe('control over the sockets', () => {
  test('[CTL-20] is handed over between three viewers; each grant is a new epoch that the host hears of', async () => {
    const { gateway } = await startGateway();
    const host = await aControlledHost(gateway.url);
    expect(host.heard('control/leases')).toMatchObject([leasesOf(null)]);
    const [anna, ben, carl] = [
      await aController(gateway.url, { sub: 'anna' }),
      await aController(gateway.url, { sub: 'ben' }),
      await aController(gateway.url, { sub: 'carl' }),
    ];
    expect(await anna.wish('request')).toMatchObject({ result: 'granted' });
    expect(await ben.wish('request')).toMatchObject({ result: 'queued', place: 1 });
    expect(await carl.wish('request')).toMatchObject({ result: 'queued', place: 2 });
    const epochs: (number | null)[] = [];
    for (const holder of [anna, ben, carl]) {
      for (const viewer of [anna, ben, carl]) {
        await viewer.socket.hearsSuch(
          'control/state',
          () => viewer.state?.['holders'] !== undefined && holderOf(viewer.state) === holder.viewer,
        );
      }
      epochs.push(holder.epoch());
      if (holder !== carl) {
        expect(await holder.wish('release')).toMatchObject({ result: 'done' });
      }
    }
    expect(
      epochs.every((epoch, index) => index === 0 || (epoch ?? 0) > (epochs[index - 1] ?? 0)),
    ).toBe(true);
    await host.hearsSuch('control/leases', () => host.heard('control/leases').length === 4);
    expect(host.heard('control/leases')).toMatchObject([null, ...epochs].map(leasesOf));
  });
});

function holderOf(state: Readonly<Record<string, unknown>>): string | undefined {
  const { keyboard } = state['holders'] as { keyboard: { viewer: string } | null };
  return keyboard?.viewer;
}
