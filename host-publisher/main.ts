import { enableCompileCache } from 'node:module';
import { COMPILED_MODULES } from './environment.ts';
import { forkMediaProcess } from './supervision/media-process.ts';

/** The process: both halves load at the same time, then the command line is read. */
enableCompileCache(COMPILED_MODULES);
const asksForHelp = process.argv.some((option) => option === '--help' || option === '-h');
const media = asksForHelp ? null : forkMediaProcess();
const { runCommand } = await import('./command.ts');
const exitCode = await runCommand(media);
media?.kill('SIGKILL');
process.exit(exitCode);
