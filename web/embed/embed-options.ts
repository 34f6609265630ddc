/** What the address of a watch page says about the frame it is in. */
export interface EmbedOptions {
  /** Shown within another page: without a head, and spoken to by `postMessage`. */
  readonly embedded: boolean;
  /** Whether control is offered at all; the token decides about the right. */
  readonly control: boolean;
}

/** Reads `?embed=1&control=off`; a page that stands alone is never embedded. */
export function parseEmbedOptions(search: string, isFramed: boolean): EmbedOptions {
  const query = new URLSearchParams(search);
  return {
    embedded: isFramed && query.get('embed') === '1',
    control: query.get('control') !== 'off',
  };
}
