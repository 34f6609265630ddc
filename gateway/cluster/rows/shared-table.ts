import { z } from 'zod';

/** A table of a local database that is the same at all gateways of a cluster. */
export interface SharedTable {
  readonly name: string;
  /** Its primary key. Rows that were deleted never come back under it. */
  readonly key: string;
  readonly columns: readonly string[];
  /**
   * How a column of two rows becomes one, in SQL (`used`: the own, `excluded.used`: the other).
   * Undefined: the newer row is taken as it is.
   */
  readonly merged?: Readonly<Record<string, string>>;
  /** Two rows may not have this in common: the one that is older by `since` stays. */
  readonly unique?: { readonly column: string; readonly since: string };
  /** Deleted rows are remembered for so long. Undefined: always. */
  readonly rememberMs?: number;
  /** What a row must be. */
  readonly row: z.ZodType;
}

/** One row as another gateway has it; `row` null: it was deleted. */
export const RowChange = z.object({
  kind: z.string(),
  id: z.string().min(1).max(200),
  version: z.int().min(0),
  /** Epoch microseconds; of two changes the later one counts. */
  stamp: z.int().min(0),
  row: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable(),
});
export type RowChange = z.infer<typeof RowChange>;

/** A change that can be taken; undefined of anything else. */
export function readChange(text: string, tables: readonly SharedTable[]): RowChange | undefined {
  try {
    const change = RowChange.parse(JSON.parse(text));
    const table = tables.find(({ name }) => name === change.kind);
    const isGood =
      change.row === null ||
      (change.row[table?.key ?? ''] === change.id && table?.row.safeParse(change.row).success);
    return table !== undefined && isGood === true ? change : undefined;
  } catch {
    return undefined;
  }
}
