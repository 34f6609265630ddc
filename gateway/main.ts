import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Keeps stripped and compiled modules between starts, beside the installed packages and trusted
 * like them: a restart takes half the time. Where the folder cannot be written nothing changes.
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./serve.ts');
