import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Keeps stripped and compiled modules between starts, beside the installed packages and trusted
 * like them: on a busy machine a restart then takes 0.4 s instead of 1.4 s. Call it before the
 * import that it is to speed up; where the folder cannot be written nothing changes.
 */
export function useCompileCache(): void {
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
}
