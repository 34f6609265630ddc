/** What a link carries behind `#`. */
export interface LinkFragment {
  /** Empty when the link has none. */
  readonly token: string;
  /** A share link may bring a second token, for the watch link that it offers to copy. */
  readonly watchToken: string | null;
}

/** Reads `#token=…&watch=…`; blanks and line ends from a careless paste are dropped. */
export function parseLinkFragment(hash: string): LinkFragment {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    token: withoutBlanks(fields.get('token') ?? ''),
    watchToken: withoutBlanks(fields.get('watch') ?? '') || null,
  };
}

/** The code of an invitation's link, `#code=…`; '' when it has none. */
export const parseInvitationCode = (hash: string): string =>
  withoutBlanks(new URLSearchParams(hash.replace(/^#/, '')).get('code') ?? '');

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}
