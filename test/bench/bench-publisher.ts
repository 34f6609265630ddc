import { RtpPublisher, type RtpPublisherOptions } from '../support/rtc/rtp-publisher.ts';
import type { SignallingClient } from './signalling-client.ts';

/** A connected publisher of synthetic media and the resource that ends it. */
export interface BenchPublisher {
  readonly peer: RtpPublisher;
  readonly location: string;
}

/** Publishes by WHIP; resolves when connected. */
export async function openPublisher(
  signalling: SignallingClient,
  whipUrl: string,
  options: RtpPublisherOptions,
): Promise<BenchPublisher> {
  let location = '';
  const exchange = async (offer: string): Promise<string> => {
    const posted = await signalling.post(whipUrl, withMsid(offer));
    if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
    location = posted.location;
    return posted.text;
  };
  const peer = await RtpPublisher.connect(exchange, options);
  return { peer, location };
}

/** SRS 6 answers SSRCs without msid with no m-line at all. */
function withMsid(offer: string): string {
  return offer.replace(/^a=ssrc:(\d+) cname:[^\r\n]*/gm, '$&\r\na=ssrc:$1 msid:bench track-$1');
}
