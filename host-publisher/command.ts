import type { ChildProcess } from 'node:child_process';
import { Agent } from './agent.ts';
import { loadConfig } from './config.ts';
import { IceServers } from './gateway/ice-servers.ts';
import { EXIT_CODES, toHostError } from './host-error.ts';
import { describeFindings, surveyEncoders } from './survey.ts';
import { USAGE } from './usage.ts';
import { VERSION } from './version.ts';

/** Does what the command line asks for with a media process that starts meanwhile; an exit code. */
export async function runCommand(media: ChildProcess | null): Promise<number> {
  try {
    await run(media ?? undefined);
    return 0;
  } catch (error) {
    const failure = toHostError(error, 'media');
    process.stderr.write(`${failure.message}\n`);
    return EXIT_CODES[failure.code];
  }
}

async function run(media: ChildProcess | undefined): Promise<void> {
  const { task, plan, endpoint, control, onDemand, mostClients, stats } = loadConfig();
  if (task === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (task === 'encoders' || endpoint === null) {
    process.stdout.write(describeFindings(await surveyEncoders(plan, media)));
    return;
  }
  const agent = new Agent({
    plan,
    endpoint,
    media,
    post: { socketUrl: endpoint.socketUrl, version: VERSION, control },
    mediaUrl: endpoint.mediaUrl,
    direct: {
      ...{ url: endpoint.signalUrl, room: endpoint.room, source: endpoint.source, mostClients },
    },
    graceMs: onDemand.on ? onDemand.graceMs : null,
    iceServers: new IceServers({ url: endpoint.iceServersUrl, token: endpoint.token }),
    say: (line) => process.stdout.write(`${line}\n`),
    ...(stats
      ? {
          onStart: (startMs) => printJson({ startMs: Math.round(startMs) }),
          onFigures: printJson,
        }
      : {}),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    agent.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await agent.run();
}

function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
