/** The SRS lines whose edge behaviour the engine can show. */
export type CompatLine = 6 | 7;

/** What a client of the contract sees differently from one line of SRS to another. */
export interface Edge {
  readonly line: CompatLine;
  readonly version: string;
  readonly revision: number;
  /** For `Server` and `User-Agent`, in SRS's form `SRS/<version>(<name>)`. */
  readonly signature: string;
  /** A failed WHIP or WHEP request: the connection is closed with no bytes, or `CODE: Name`. */
  readonly failures: 'close' | 'status';
  /** Lists have at least this many items per page. */
  readonly minimumCount: number;
  /** Lists tell how many items there are, play hooks how many clients. */
  readonly tellsTotals: boolean;
  /** A refused publish holds its name until the sweep, and then yields an on_unpublish. */
  readonly refusedPublishHoldsName: boolean;
}

const EDGES: Readonly<Record<CompatLine, Edge>> = {
  6: {
    line: 6,
    version: '6.0.157',
    revision: 157,
    signature: 'SRS/6.0.157(PixelCast)',
    failures: 'close',
    minimumCount: 10,
    tellsTotals: false,
    refusedPublishHoldsName: true,
  },
  7: {
    line: 7,
    version: '7.0.143',
    revision: 143,
    signature: 'SRS/7.0.143(PixelCast)',
    failures: 'status',
    minimumCount: 1,
    tellsTotals: true,
    refusedPublishHoldsName: false,
  },
};

export const edgeOf = (line: CompatLine): Edge => EDGES[line];
