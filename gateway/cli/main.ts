import { commandEnvironment } from '../config/command-environment.ts';
import { ApiProblem } from '../protocol/api/api-problem.ts';
import { COMMON, readArguments, UsageError, type Command, type Flags } from './command.ts';
import { connect } from './connect.ts';
import { containers } from './commands/containers.ts';
import { nodes } from './commands/nodes.ts';
import { recordings } from './commands/recordings.ts';
import { end, free, rooms } from './commands/rooms.ts';
import { kick, sessions } from './commands/sessions.ts';
import { settings } from './commands/settings.ts';
import { token } from './commands/token.ts';
import { users } from './commands/users.ts';
import { doctor } from './doctor/doctor.ts';
import { printable } from './print.ts';

const COMMANDS: readonly Command[] = [
  ...[
    rooms,
    sessions,
    kick,
    end,
    free,
    token,
    nodes,
    containers,
    recordings,
    users,
    settings,
    doctor,
  ],
];

const nameOf = ({ usage }: Command): string => usage.split(' ', 1)[0] ?? '';

/** Exit codes: done, refused or not well, wrongly typed, no gateway there. */
const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(help());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = COMMANDS.find((each) => nameOf(each) === name);
  if (command === undefined) {
    throw new UsageError(`There is no command "${printable(name)}".\n\n${help()}`);
  }
  const given = readArguments(command, words);
  if (given.has('help')) {
    process.stdout.write(helpOf(command));
    return EXIT.done;
  }
  const { data, text, failed } = await command.run(given, () =>
    connect(given, commandEnvironment()),
  );
  process.stdout.write(`${given.has('json') ? JSON.stringify(data, undefined, 2) : text}\n`);
  return failed === true ? EXIT.failed : EXIT.done;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  const isAway = error instanceof ApiProblem && error.code === 'unreachable';
  return isAway ? EXIT.unreachable : EXIT.failed;
}

function help(): string {
  const lines = COMMANDS.map(({ usage, about }) => `  ${usage.padEnd(50)}${about}`);
  return `npm run -s pixelcast -- <command> [--help]\n\n${lines.join('\n')}\n\nEverywhere:\n${linesOf(COMMON)}\n
Exit codes: 0 done, 1 refused or not well, 2 wrongly typed, 3 no gateway there.\n`;
}

function helpOf({ usage, about, flags = {} }: Command): string {
  return `npm run -s pixelcast -- ${usage}\n\n${about}\n\n${linesOf({ ...flags, ...COMMON })}\n`;
}

function linesOf(flags: Flags): string {
  return Object.entries(flags)
    .map(([name, { about, takes }]) => {
      const usage = takes === undefined ? `--${name}` : `--${name} <${takes}>`;
      return `  ${usage.padEnd(26)}${about}`;
    })
    .join('\n');
}
