/** `npm run bench:input`: how long input is under way, part by part. */
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { benchEvent } from './input-event.ts';
import { reportGatewayShare } from './input-gateway.ts';
import { benchInjection } from './input-injection.ts';
import { benchPicture } from './input-picture.ts';
import { benchResize } from './input-resize.ts';
import { reportTransport } from './input-transport.ts';

const flags = readCommandLine('Input: how long each part of its way takes.', {
  part: {
    about: 'parts to measure, comma-separated',
    value: 'gateway,injection,event,picture,resize,transport',
  },
  viewers: { about: 'gateway: viewer sockets that are open', value: '1000' },
  seconds: { about: 'gateway, transport: length of each measurement', value: '20' },
  handovers: { about: 'gateway: hand-overs that are measured', value: '100' },
  nice: { about: 'gateway: of nice(1); below 0 goes before others and takes root', value: '0' },
  events: { about: 'injection: events that are measured', value: '2000' },
  presses: { about: 'event: events of each kind that are measured', value: '500' },
  pictures: { about: 'picture: clicks and keys that are measured', value: '200' },
  resizes: { about: 'resize: resizes that are measured', value: '30' },
});
const report = new BenchReport('Input');
const parts: Readonly<Record<string, () => Promise<void>>> = {
  gateway: () =>
    reportGatewayShare(report, {
      viewers: toNumber(flags.viewers),
      seconds: toNumber(flags.seconds),
      handovers: toNumber(flags.handovers),
      niceness: Number(flags.nice),
    }),
  injection: () => benchInjection(report, toNumber(flags.events)),
  event: () => benchEvent(report, toNumber(flags.presses)),
  picture: () => benchPicture(report, toNumber(flags.pictures)),
  resize: () => benchResize(report, toNumber(flags.resizes)),
  transport: () => reportTransport(report, { seconds: toNumber(flags.seconds) }),
};
for (const name of flags.part.split(',')) {
  const measure = parts[name];
  if (measure === undefined) throw new Error(`no such part: ${name}`);
  await measure();
}
report.finish(flags.strict);
