import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { isName, pageLink, sourceOfPage } from '../page-route.ts';
import type { SourcePage } from '../page-route.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { Notice } from '../ui/notice.tsx';
import { toProblem } from '../core/api-client.ts';
import type { AdminApi } from './admin-api.ts';
import { explainAdminProblem } from './admin-words.ts';

const lifetimes = [
  { hours: 1, name: '1 hour' },
  { hours: 8, name: '8 hours' },
  { hours: 24, name: '1 day' },
  { hours: 7 * 24, name: '7 days' },
  { hours: 30 * 24, name: '30 days' },
];

const roles: readonly SourcePage[] = ['watch', 'share', 'camera'];

interface LinkWish {
  readonly room: string;
  readonly role: SourcePage;
  readonly who: string;
  readonly hours: number;
}

/** Makes ready links: for viewers, or for a presenter (who gets the viewers' link with it). */
export function LinkForm({ api }: { readonly api: AdminApi }) {
  const [wish, setWish] = useState<LinkWish>({ room: '', role: 'watch', who: 'guest', hours: 8 });
  const [outcome, setOutcome] = useState<{ link: string } | { problem: string } | null>(null);
  const submit = async () => {
    if (!isName(wish.room)) {
      setOutcome({ problem: 'This is not the name of a room.' });
      return;
    }
    try {
      setOutcome({ link: await mintLink(api, wish) });
    } catch (cause) {
      setOutcome({ problem: explainAdminProblem(toProblem(cause)) });
    }
  };
  return (
    <section className="card" aria-labelledby="link-form-title" data-testid="link-form">
      <h2 id="link-form-title">New link</h2>
      <form
        className="link-form"
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          Room
          <input
            value={wish.room}
            data-testid="link-room"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setWish({ ...wish, room: target.value.trim() })}
          />
        </label>
        <label>
          For
          <select
            value={wish.role}
            data-testid="link-role"
            onChange={({ target }) =>
              setWish({ ...wish, role: roles.find((role) => role === target.value) ?? 'watch' })
            }
          >
            <option value="watch">Watching</option>
            <option value="share">Sharing a screen</option>
            <option value="camera">Sending a camera</option>
          </select>
        </label>
        <label>
          Name of the person
          <input
            value={wish.who}
            required
            maxLength={128}
            data-testid="link-who"
            autoComplete="off"
            onChange={({ target }) => setWish({ ...wish, who: target.value })}
          />
        </label>
        <label>
          Valid for
          <select
            value={wish.hours}
            data-testid="link-hours"
            onChange={({ target }) => setWish({ ...wish, hours: Number(target.value) })}
          >
            {lifetimes.map(({ hours, name }) => (
              <option key={hours} value={hours}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="primary" data-testid="link-submit">
          Make link
        </button>
      </form>
      {outcome !== null && 'link' in outcome && (
        <CopyField label="Ready link" testId="link" value={outcome.link} />
      )}
      {outcome !== null && 'problem' in outcome && (
        <Notice tone="problem">{outcome.problem}</Notice>
      )}
    </section>
  );
}

async function mintLink(api: AdminApi, { room, role, who, hours }: LinkWish): Promise<string> {
  const ttlSeconds = hours * 3600;
  const target = { page: role, room, source: sourceOfPage(role) };
  const mint = async (action: 'publish' | 'watch') =>
    (await api.mintToken({ sub: who, room, can: [action], ttlSeconds })).token;
  if (role === 'watch') {
    return pageLink(location.origin, target, { token: await mint('watch') });
  }
  const [token, watch] = await Promise.all([mint('publish'), mint('watch')]);
  return pageLink(location.origin, target, { token, watch });
}
