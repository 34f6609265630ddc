import { readFileSync } from 'node:fs';
import { z } from 'zod';

const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

/** Of the package that this host-publisher is part of. */
export const VERSION = z.object({ version: z.string() }).parse(JSON.parse(file)).version;
