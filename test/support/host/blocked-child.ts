import { once } from 'node:events';
import { watchParent } from '../../../host-publisher/media/parent-watch.ts';

/** A media child whose JavaScript is held up for ever once it watches its parent. */
await once(watchParent(), 'online');
process.stderr.write('blocked\n');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
