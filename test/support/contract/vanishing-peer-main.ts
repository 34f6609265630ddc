import { RtpPublisher } from '../rtc/rtp-publisher.ts';
import { RtpViewer } from '../rtc/rtp-viewer.ts';
import { withMsid } from './sdp-offer.ts';
import { callSrs } from './srs-http.ts';

const [kind, address = ''] = process.argv.slice(2);
const url = new URL(address);

const exchange = async (offer: string): Promise<string> => {
  const path = `${url.pathname}${url.search}`;
  const reply = await callSrs(url.origin, path, { method: 'POST', body: withMsid(offer) });
  return reply.body;
};
const peer = kind === 'publish' ? RtpPublisher : RtpViewer;
process.on('disconnect', () => process.exit(0));
peer.connect(exchange).then(
  () => process.send?.('connected'),
  (error: unknown) => process.send?.(`not connected: ${String(error)}`),
);
