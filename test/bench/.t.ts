import { RtpPublisher } from '../support/rtc/rtp-publisher.ts';
import { SignallingClient } from './signalling-client.ts';
import { IdleViewer } from './idle-viewer.ts';
import { startEngine, runningSrs } from './media-server.ts';
const srv = process.argv[2]
  ? runningSrs(process.argv[2], null, 0)
  : await startEngine({ env: { LOG_LEVEL: 'debug' } });
const s = new SignallingClient({ keepAlive: false });
const list = async () =>
  (
    (await (
      await fetch(srv.apiUrl + '/api/v1/clients/?count=100', {
        headers: srv.authorization ? { authorization: srv.authorization } : {},
      })
    ).json()) as any
  ).clients.map((c: any) => c.type + ' ' + c.alive);
const pub = await RtpPublisher.connect(
  async (o) => (await s.post(`${srv.apiUrl}/rtc/v1/whip/?app=b&stream=x`, o)).text,
);
const v = await IdleViewer.open(s, `${srv.apiUrl}/rtc/v1/whep/?app=b&stream=x`);
await new Promise((r) => setTimeout(r, 1000));
console.log(await list());
const t = performance.now();
v.close();
pub.close();
for (let i = 0; i < 8; i++) {
  await new Promise((r) => setTimeout(r, i < 4 ? 100 : 1500));
  console.log(Math.round(performance.now() - t), await list());
}
await srv.close();
process.exit(0);
