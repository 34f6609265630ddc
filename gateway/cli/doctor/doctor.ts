import { ConfigError, loadConfig } from '../../config/load.ts';
import { UsageError, type Command, type Target } from '../command.ts';
import { printTable } from '../print.ts';
import { checkGateway } from './check-gateway.ts';
import { checkMachine } from './check-machine.ts';
import { checkRedis } from './check-redis.ts';
import { failed, ok, skipped, type Check } from './check.ts';

const MARKS = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: 'skipped' };

/** Looks at everything that an installation needs; exit code 1 when something of it fails. */
export const doctor: Command = {
  usage: 'doctor',
  about:
    'look at settings, folder, disks, audit log, TLS, Redis, clock, media servers, hooks, addresses, ICE',
  run: async (given, connect) => {
    const checks = given.has('url') ? await remote(connect) : await local(connect);
    const rows = checks.map(({ state, name, detail }) => [MARKS[state], name, detail]);
    return {
      data: checks,
      text: printTable(['', 'CHECK', 'FOUND'], rows),
      failed: checks.some(({ state }) => state === 'failed'),
    };
  },
};

async function local(connect: () => Target): Promise<readonly Check[]> {
  try {
    const config = loadConfig();
    const set = config.inForce.filter(({ given }) => given).length;
    const settings = ok('settings', `can be read; ${set} of ${config.inForce.length} are set.`);
    const machine = await checkMachine(config, Date.now());
    const redis = await checkRedis(config);
    return [settings, ...machine, ...redis, ...(await checkGateway(connect()))];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map((problem) => failed('settings', problem));
    }
    if (error instanceof UsageError) return [failed('gateway', error.message)];
    throw error;
  }
}

async function remote(connect: () => Target): Promise<readonly Check[]> {
  const elsewhere = 'Ask on the machine of the gateway.';
  return [
    ...['settings', 'data folder', 'disk', 'audit log', 'TLS', 'Redis'].map((name) =>
      skipped(name, elsewhere),
    ),
    ...(await checkGateway(connect())),
  ];
}
