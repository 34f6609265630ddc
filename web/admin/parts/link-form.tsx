import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Api } from '../../../gateway/protocol/api/client.ts';
import { mintToken } from '../../../gateway/protocol/api/tokens.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';
import { isName, pageLink, sourceOfPage } from '../../page-route.ts';
import type { SourcePage } from '../../page-route.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { explainAdminProblem } from '../admin-words.ts';
import { useConsole } from '../console-context.ts';
import { Card } from './card.tsx';
import { LIFETIMES, LifetimeChoice } from './lifetime-choice.tsx';

const roles: readonly SourcePage[] = ['watch', 'share', 'camera'];

interface LinkWish {
  readonly room: string;
  readonly role: SourcePage;
  readonly who: string;
  readonly hours: number;
}

/** Makes ready links: for viewers, or for a presenter (who gets the viewers' link with it). */
export function LinkForm({ onMade }: { readonly onMade: () => void }) {
  const { api, explain } = useConsole();
  const [wish, setWish] = useState<LinkWish>({
    room: '',
    role: 'watch',
    who: 'guest',
    hours: LIFETIMES[1],
  });
  const [outcome, setOutcome] = useState<{ link: string } | { problem: string } | null>(null);
  const submit = async () => {
    if (!isName(wish.room)) {
      setOutcome({ problem: 'A room’s name has up to 64 letters, digits, “_” and “-”.' });
      return;
    }
    try {
      setOutcome({ link: await mintLink(api, wish) });
      onMade();
    } catch (cause) {
      setOutcome({ problem: explainAdminProblem(explain(cause)) });
    }
  };
  return (
    <Card title="New link" testId="link-form">
      <form
        className="form-grid"
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
        <LifetimeChoice
          name="Valid for"
          testId="link-hours"
          hours={wish.hours}
          onChange={(hours) => setWish({ ...wish, hours })}
        />
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
    </Card>
  );
}

async function mintLink(api: Api, { room, role, who, hours }: LinkWish): Promise<string> {
  const target = { page: role, room, source: sourceOfPage(role) };
  const mint = async (action: 'publish' | 'watch') => {
    const body = { sub: who, room: RoomId.parse(room), can: [action], ttlSeconds: hours * 3600 };
    return (await api.call(mintToken, { body })).token;
  };
  if (role === 'watch') {
    return pageLink(location.origin, target, { token: await mint('watch') });
  }
  const [token, watch] = await Promise.all([mint('publish'), mint('watch')]);
  return pageLink(location.origin, target, { token, watch });
}
