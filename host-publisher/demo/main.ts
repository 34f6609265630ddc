import { endWith } from '../end-with.ts';
import { Demo } from './demo.ts';
import { DEMO_USAGE, readDemoOptions } from './options.ts';

const PARENT_CHECK_MS = 500;

/** The process of `npm run demo`: options, signals, exit code. */
async function main(): Promise<number> {
  const options = readDemoOptions();
  if (options.help) {
    process.stdout.write(DEMO_USAGE);
    return 0;
  }
  const demo = new Demo(options);
  const stop = (): void => demo.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // A SIGTERM to npm ends npm and its shell, and reaches nobody else.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_CHECK_MS).unref();
  return await demo.run();
}

await endWith(main);
