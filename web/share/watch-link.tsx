import { pageLink } from '../page-route.ts';
import { CopyField } from '../ui/copy-field.tsx';
import type { SendTarget } from './create-sender.ts';

/** The link for viewers, to be copied; nothing without a token for them. */
export function WatchLink({
  room,
  source,
  mode,
  token,
}: Omit<SendTarget, 'token'> & { readonly token: string | null }) {
  if (token === null) return null;
  return (
    <CopyField
      label="Link for viewers"
      testId="watch-link"
      value={pageLink(location.origin, { page: 'watch', room, source, mode }, { token })}
    />
  );
}
