import { Agent } from './agent.ts';
import { loadConfig } from './config.ts';
import { EXIT_CODES, toHostError } from './host-error.ts';
import { describeFindings, surveyEncoders } from './survey.ts';
import { USAGE } from './usage.ts';

/** The process: options, signals, exit code. */
async function main(): Promise<void> {
  const { task, plan, endpoint, stats } = loadConfig();
  if (task === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (task === 'encoders' || endpoint === null) {
    process.stdout.write(describeFindings(await surveyEncoders(plan)));
    return;
  }
  const agent = new Agent({
    plan,
    endpoint,
    say: (line) => process.stdout.write(`${line}\n`),
    ...(stats
      ? { onFigures: (figures) => process.stdout.write(`${JSON.stringify(figures)}\n`) }
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

try {
  await main();
  process.exit(0);
} catch (error) {
  const failure = toHostError(error, 'media');
  process.stderr.write(`${failure.message}\n`);
  process.exit(EXIT_CODES[failure.code]);
}
