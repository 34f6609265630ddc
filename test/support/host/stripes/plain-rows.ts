import type { StripeCodec } from '../../../../gateway/protocol/media/stripe.ts';
import type {
  EncodedRow,
  RowEncoders,
  RowsPlan,
  RowWish,
} from '../../../../host-publisher/stripes/row-encoders.ts';

const ENCODING_MS = 4;

/**
 * Encoders whose stripes are the pixels themselves behind a number: keys have 0, others one more
 * than the row's last one. Each takes 4 ms, or what `takes` says.
 */
export class PlainRows implements RowEncoders {
  readonly codec: StripeCodec;
  readonly refinements = 2;
  readonly plan: RowsPlan;
  readonly wishes: { readonly index: number; readonly wish: RowWish }[] = [];
  share = 1;
  isClosed = false;
  /** All further rows fail so. */
  failure: Error | null = null;
  readonly #numbers: number[];
  readonly #pending = new Set<(error: Error) => void>();

  constructor(plan: RowsPlan) {
    this.plan = plan;
    this.codec = plan.encoder === 'jpeg-striped' ? 'jpeg' : 'h264';
    this.#numbers = plan.rows.map(() => -1);
  }

  encode(index: number, planes: readonly Buffer[], wish: RowWish): Promise<EncodedRow> {
    this.wishes.push({ index, wish });
    if (this.failure !== null) return Promise.reject(this.failure);
    const number = this.#numbers[index] ?? -1;
    const isKey = this.codec === 'jpeg' || wish.key || number < 0;
    this.#numbers[index] = isKey ? 0 : number + 1;
    const head = Buffer.alloc(4);
    head.writeUInt32BE(this.#numbers[index] ?? 0);
    const payload = Buffer.concat([head, ...planes]);
    const { promise, resolve, reject } = Promise.withResolvers<EncodedRow>();
    this.#pending.add(reject);
    setTimeout(() => {
      this.#pending.delete(reject);
      resolve({ payload, isKey });
    }, ENCODING_MS + index);
    return promise;
  }

  steer(_target: unknown, share: number): void {
    this.share = share;
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const reject of this.#pending) reject(new Error('closed'));
    return Promise.resolve();
  }
}
