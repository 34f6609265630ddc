/** `npm run bench:input`: how long input is under way, part by part. */
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { reportGatewayShare } from './input-gateway.ts';

const PARTS = { gateway: reportGatewayShare };

const flags = readCommandLine('Input: how long each part of its way takes.', {
  part: { about: 'parts to measure, comma-separated', value: Object.keys(PARTS).join(',') },
  viewers: { about: 'viewer sockets that are open', value: '1000' },
  seconds: { about: 'length of each measurement', value: '20' },
  nice: { about: 'of nice(1), for gateway, baseline and bench; below 0 takes root', value: '0' },
  handovers: { about: 'hand-overs that are measured', value: '100' },
});
const report = new BenchReport('Input');
const options = {
  viewers: toNumber(flags.viewers),
  seconds: toNumber(flags.seconds),
  handovers: toNumber(flags.handovers),
  niceness: Number(flags.nice),
};
const wanted = new Set(flags.part.split(','));
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.has(name)) await measure(report, options);
}
report.finish(flags.strict);
