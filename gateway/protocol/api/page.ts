import { z } from 'zod';

/** Most items of a page. */
export const MAX_PAGE = 200;

/**
 * The query of a list. `cursor` is `next` of the page before; `q` is searched as it stands, in any
 * case of letters.
 */
export const PageQuery = z.object({
  limit: z.coerce.number<number>().int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().max(512).exactOptional(),
  q: z.string().max(100).exactOptional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A page of a list: `next` is null on the last one; `total` counts all that the query finds. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.int().min(0) });

/** The same, as a type. */
export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** A list that is always told as a whole. */
export const items = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** A switch in a query. */
export const QueryFlag = z.enum(['true', 'false']).transform((word) => word === 'true');
