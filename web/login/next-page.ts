/** The page of this site that `?next=` names; null for none, or for one of another site. */
export function nextPage(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (!next.startsWith('/') || !URL.canParse(next, origin)) return null;
  const url = new URL(next, origin);
  return url.origin === origin ? `${url.pathname}${url.search}` : null;
}

/** Where to log in and come back from. */
export const loginLink = (path: string): string => `/login?${new URLSearchParams({ next: path })}`;
