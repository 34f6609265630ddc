/** `npm run conformance`: a black-box check of any WHIP or WHEP server. */
import { run } from './run.ts';

const code = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// The library of the media peers keeps a process alive once a peer has lived in it.
process.exit(code);
