import { forkMediaProcess } from '../../../host-publisher/supervision/media-process.ts';

/** Starts the media child named on its command line, prints its pid and stays. */
const child = forkMediaProcess(process.argv[2]);
process.stdout.write(`pid ${child.pid}\n`);
