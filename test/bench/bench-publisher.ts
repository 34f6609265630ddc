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
    const posted = await signalling.post(whipUrl, offer);
    if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
    location = posted.location;
    return posted.text;
  };
  const peer = await RtpPublisher.connect(exchange, options);
  return { peer, location };
}
