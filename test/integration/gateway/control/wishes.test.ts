import { describe, expect, test } from 'vitest';
import {
  aControlledHost,
  aController,
  aControllerToken,
  type Controller,
} from '../../../support/gateway/a-controlled-room.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';
import {
  aHost,
  openSocket,
  viewerProtocols,
  type Message,
} from '../../../support/gateway/test-socket.ts';

const epochsIn = (states: readonly Message[]): readonly (number | null)[] =>
  states.map(({ holders }) => {
    const { keyboard } = holders as { keyboard: { epoch: number } | null };
    return keyboard?.epoch ?? null;
  });

const isHeld = (state: Message): boolean => epochsIn([state])[0] !== null;

describe('who is who', () => {
  test('[CTL-21] each viewer is welcomed before it hears the state, and no two have one name', async () => {
    const { gateway } = await startGateway();
    const given = [{ name: 'Anna' }, { name: 'anna' }, { name: '  an\u200bna ' }, {}];
    const viewers: Controller[] = [];
    for (const { name } of given) {
      viewers.push(
        await aController(gateway.url, { sub: 'anna', ...(name === undefined ? {} : { name }) }),
      );
    }
    expect(viewers.map(({ welcome }) => welcome.name)).toEqual([
      'Anna',
      'anna 2',
      'anna 3',
      'anna 4',
    ]);
    expect(new Set(viewers.map(({ viewer }) => viewer)).size).toBe(4);
    const [first] = viewers;
    expect(first?.socket.messages.map(({ type }) => type)).toEqual([
      'control/welcome',
      'host/status',
      'control/state',
      'room/recording',
    ]);
  });

  test('[CTL-21] another source on the same socket is another welcome, and control of the first is over', async () => {
    const { gateway } = await startGateway();
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    await anna.wish('request');
    anna.socket.say({ type: 'viewer/watching', source: 'camera', session: null });
    await anna.socket.hears('control/welcome', 2);
    expect(await host.hears('control/leases', 3)).toMatchObject({ leases: { keyboard: null } });
    anna.socket.say({ type: 'viewer/watching', source: 'camera', session: null });
    expect(await anna.wish('request')).toMatchObject({ why: 'no-host' });
    expect(anna.socket.heard('control/welcome')).toHaveLength(2);
  });
});

describe('what is announced', () => {
  test('[CTL-26] reaches all viewers in order: epochs only grow, and the last is everybody’s', async () => {
    const { gateway } = await startGateway();
    await aControlledHost(gateway.url);
    const drivers = [
      await aController(gateway.url, { sub: 'anna' }),
      await aController(gateway.url, { sub: 'ben' }),
    ];
    const crowd = await Promise.all(
      Array.from({ length: 60 }, (_, index) => aController(gateway.url, { sub: `viewer${index}` })),
    );
    for (let round = 0; round < 6; round += 1) {
      const driver = drivers[round % 2];
      expect(await driver?.wish('request')).toMatchObject({ result: 'granted' });
      if (round < 5) expect(await driver?.wish('release')).toMatchObject({ result: 'done' });
    }
    const last = drivers[1];
    await last?.socket.hearsSuch('control/state', () => last.epoch() !== null);
    const final = last?.epoch();
    for (const viewer of crowd) {
      await viewer.socket.hearsSuch('control/state', (state) => epochsIn([state])[0] === final);
      const epochs = epochsIn(viewer.socket.heard('control/state')).filter((each) => each !== null);
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
      expect(epochs.at(-1)).toBe(final);
    }
  }, 30_000);

  test('[CTL-20] the host hears of an epoch before its holder does', async () => {
    const { gateway } = await startGateway();
    const order: string[] = [];
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    host.socket.on('message', (data: Buffer) => order.push(`host ${data.toString()}`));
    anna.socket.socket.on('message', (data: Buffer) => order.push(`anna ${data.toString()}`));
    await anna.wish('request');
    await anna.socket.hearsSuch('control/state', isHeld);
    const at = (start: string): number => order.findIndex((line) => line.startsWith(start));
    expect(at('host {"type":"control/leases"')).toBeLessThan(at('anna {"type":"control/state"'));
  });
});

describe('wishes', () => {
  test('[CTL-27] for control are refused where there is nothing to control', async () => {
    const { gateway } = await startGateway();
    const anna = await aController(gateway.url, { sub: 'anna' });
    expect(anna.state).toMatchObject({ devices: [], holders: { keyboard: null } });
    const refusal = { result: 'refused', why: 'no-host' };
    expect(await anna.wish('request')).toMatchObject(refusal);
    await aHost(gateway.url, { capabilities: { devices: [] } });
    expect(await anna.wish('request')).toMatchObject(refusal);
    expect((await anna.wish('request'))['sentence']).toMatch(/\.$/);
    expect(await anna.wish('raise-hand')).toMatchObject({ result: 'done' });
  });

  test('[CTL-10] a new host goes on with who controls, in a new epoch', async () => {
    const { gateway } = await startGateway();
    await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    await anna.wish('request');
    await anna.socket.hearsSuch('control/state', isHeld);
    const epoch = anna.epoch() ?? 0;
    const host = await aControlledHost(gateway.url);
    const { leases } = (await host.hears('control/leases')) as unknown as {
      leases: { keyboard: number };
    };
    expect(leases.keyboard).toBeGreaterThan(epoch);
    await anna.socket.hearsSuch('control/state', () => anna.epoch() === leases.keyboard);
    expect(host.heard('control/leases')).toHaveLength(1);
  });

  test('[CTL-28] repeated while it waits tells nobody anything; too many are refused, and go no further', async () => {
    const { gateway } = await startGateway();
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    const ben = await aController(gateway.url, { sub: 'ben' });
    await anna.wish('request');
    await ben.wish('request');
    await anna.socket.hearsSuch('control/state', ({ queueLength }) => queueLength === 1);
    const heard = anna.socket.messages.length;
    const answers = await Promise.all(Array.from({ length: 30 }, () => ben.wish('request')));
    const why = new Set(answers.map((answer) => answer['why'] ?? answer['result']));
    expect([...why]).toEqual(['queued', 'too-many']);
    expect(anna.socket.messages.length).toBe(heard);
    expect(host.heard('control/leases')).toHaveLength(2);
    expect(await anna.wish('release')).toMatchObject({ result: 'done' });
  });

  test('[CTL-28] ten thousand at once end the socket and its control, and nobody else', async () => {
    const { gateway } = await startGateway();
    await aControlledHost(gateway.url);
    const flooder = await aController(gateway.url, { sub: 'flooder' });
    const ben = await aController(gateway.url, { sub: 'ben' });
    await flooder.wish('request');
    await ben.wish('request');
    for (let round = 0; round < 10_000; round += 1) {
      flooder.socket.say({ type: 'control/raise-hand', id: `${round}` });
    }
    expect((await flooder.socket.end()).code).toBe(4429);
    await ben.socket.hearsSuch('control/state', () => ben.epoch() !== null);
    expect(ben.socket.heard('control/state').length).toBeLessThan(10);
    expect(ben.state).toMatchObject({ handsLength: 0, queueLength: 0 });
  });

  test.each([
    ['a member that is unknown', { type: 'control/request', id: 'a', force: true }],
    ['a device that is none', { type: 'control/request', id: 'a', devices: ['camera'] }],
    ['no device', { type: 'control/take', id: 'a', devices: [] }],
    ['no id', { type: 'control/release' }],
    ['somebody who cannot be', { type: 'control/give', id: 'a', to: '../../x' }],
    ['a policy that is none', { type: 'control/policy', id: 'a', policy: { mode: 'open', x: 1 } }],
    ['a type that is unknown', { type: 'control/reset', id: 'a' }],
    ['an answer', { type: 'control/state' }],
  ])('[CTL-29] with %s end the socket, and its control', async (_, message) => {
    const { gateway } = await startGateway();
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    await anna.wish('request');
    anna.socket.say(message);
    expect((await anna.socket.end()).code).toBe(1008);
    expect(await host.hears('control/leases', 3)).toMatchObject({ leases: { keyboard: null } });
  });

  test('[CTL-29] before it says what it watches have no place', async () => {
    const { gateway } = await startGateway();
    const protocols = viewerProtocols(aControllerToken('anna'));
    const hasty = await openSocket(gateway.url, '/ws/control/demo', { protocols });
    hasty.say({ type: 'control/request', id: 'a' });
    expect((await hasty.end()).code).toBe(1008);
  });
});
