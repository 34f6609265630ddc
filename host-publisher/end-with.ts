import { EXIT_CODES, toHostError } from './host-error.ts';

/** Runs a program to its end, which is the process's: its exit code, or a failure's with its sentence. */
export async function endWith(program: () => Promise<number>): Promise<never> {
  try {
    process.exit(await program());
  } catch (error) {
    const failure = toHostError(error, 'media');
    process.stderr.write(`${failure.message}\n`);
    process.exit(EXIT_CODES[failure.code]);
  }
}
