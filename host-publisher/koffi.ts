import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import { HostError } from './host-error.ts';

/** The FFI library is an optional dependency: platforms without it have everything else. */
export function loadKoffi(): typeof Koffi {
  try {
    return createRequire(import.meta.url)('koffi') as typeof Koffi;
  } catch (cause) {
    throw new HostError(
      'software-missing',
      'The npm package koffi is not installed: run "npm ci" without --omit=optional.',
      { cause },
    );
  }
}
