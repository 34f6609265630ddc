import { fileURLToPath } from 'node:url';
import type { Environment } from './config/settings.ts';

/**
 * Where stripped and compiled modules stay between starts: beside the installed packages, and
 * trusted like them. Where it cannot be written, a start takes longer.
 */
export const COMPILED_MODULES = fileURLToPath(
  new URL('../node_modules/.cache/compiled', import.meta.url),
);

/** OpenGL without a window or a display; GBM needs a card, and surfaceless fails in 1.22. */
const HEADLESS_GL = { GST_GL_PLATFORM: 'egl', GST_GL_WINDOW: 'egl-device' };

/** What the media process inherits: GStreamer's state changes wait on libuv's threads. */
export function mediaEnvironment(environment: Environment = process.env): Environment {
  return {
    UV_THREADPOOL_SIZE: '16',
    NODE_COMPILE_CACHE: COMPILED_MODULES,
    ...HEADLESS_GL,
    ...environment,
  };
}
