import type { SessionKind } from '../protocol/session-kind.ts';
import { readOffer, type Offer } from './offer.ts';

/** An offer as a client sent it: read when it is needed, and once. */
export class ReceivedOffer {
  readonly #text: string;
  readonly #kind: SessionKind;
  #offer: Offer | undefined;

  constructor(text: string, kind: SessionKind) {
    this.#text = text;
    this.#kind = kind;
  }

  /** @throws GatewayError that the client is to see */
  read(): Offer {
    return (this.#offer ??= readOffer(this.#text, this.#kind));
  }
}
