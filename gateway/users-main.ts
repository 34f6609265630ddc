import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { Accounts } from './accounts/accounts.ts';
import type { Account } from './accounts/account.ts';
import { MIGRATIONS } from './accounts/migrations.ts';
import { Passwords } from './accounts/passwords.ts';
import { readPassword } from './accounts/read-password.ts';
import { loadConfig } from './config/load.ts';
import { createLogger } from './observability/logger.ts';
import { Password, UserName } from './protocol/api/users.ts';
import { Role, Rooms } from './protocol/role.ts';
import { openStore } from './store/open-store.ts';

const HELP = `Accounts of this installation, whether or not the gateway runs (it notices within a second).

  npm run users -- list
  npm run users -- add <name> [--role admin|operator|presenter|viewer] [--rooms all|<room>,<room>]
  npm run users -- change <name> [--role …] [--rooms …] [--disable | --enable]
  npm run users -- password <name>
  npm run users -- delete <name>

The password is asked for, or read from standard input. Without --role and --rooms: admin of all rooms.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      rooms: { type: 'string' },
      disable: { type: 'boolean' },
      enable: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [command, given] = positionals;
  if (values.help === true || command === undefined) {
    process.stdout.write(HELP);
    return values.help === true ? 0 : 2;
  }
  const { DATA_DIR } = loadConfig();
  const log = createLogger({ level: 'warn', format: 'auto' });
  const file = join(DATA_DIR, 'users.db');
  const store = await openStore({ file, migrations: MIGRATIONS, log });
  try {
    const accounts = new Accounts({ store, now: Date.now });
    await accounts.load();
    if (command === 'list') {
      for (const account of accounts.list()) process.stdout.write(`${lineOf(account)}\n`);
      return 0;
    }
    const done = await act(accounts, command, { ...values, name: given ?? '' });
    process.stdout.write(`${done}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

interface Wish {
  readonly name: string;
  readonly role?: string;
  readonly rooms?: string;
  readonly disable?: boolean;
  readonly enable?: boolean;
}

async function act(accounts: Accounts, command: string, wish: Wish): Promise<string> {
  const role = wish.role === undefined ? undefined : say(Role, wish.role, '--role');
  const rooms = wish.rooms === undefined ? undefined : say(Rooms, roomsOf(wish.rooms), '--rooms');
  if (command === 'add') {
    const name = say(UserName, wish.name, 'name');
    const hash = await new Passwords().hash(say(Password, await readPassword(), 'password'));
    const account = { name, role: role ?? 'admin', rooms: rooms ?? '*', hash } as const;
    return `added: ${lineOf(await accounts.add(account))}`;
  }
  const account = accounts.byName(wish.name);
  if (account === undefined) throw new Error(`There is no account "${wish.name}".`);
  switch (command) {
    case 'change': {
      const isDisabled = wish.disable === true ? true : wish.enable === true ? false : undefined;
      return `changed: ${lineOf(await accounts.change(account, { role, rooms, isDisabled }))}`;
    }
    case 'password': {
      const hash = await new Passwords().hash(say(Password, await readPassword(), 'password'));
      return `changed: ${lineOf(await accounts.change(account, { hash }))}`;
    }
    case 'delete':
      await accounts.delete(account);
      return `deleted: ${account.name}`;
    default:
      throw new Error(`There is no command "${command}". See --help.`);
  }
}

const roomsOf = (text: string): unknown => (text === 'all' ? '*' : text.split(','));

/** @throws Error that names what is wrong. */
function say<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${what}: ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
}

const lineOf = ({ name, role, rooms, isDisabled }: Account): string =>
  `${name}  ${role}  ${rooms === '*' ? 'all rooms' : rooms.join(',')}${isDisabled ? '  disabled' : ''}`;

/** `npm run users`: makes the first administrator, and lets back in who is shut out. */
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
