import { useState } from 'react';
import { InvitationRights, createInvitation } from '../../../gateway/protocol/api/invitations.ts';
import { Choice } from '../../ui/choice.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { useConsole } from '../console-context.ts';
import { readRoom } from '../core/read-rooms.ts';
import { rightsNames } from '../role-words.ts';
import { Card } from './card.tsx';
import { Form } from './form.tsx';
import { LIFETIMES, LifetimeChoice } from './lifetime-choice.tsx';
import { TextField } from './text-field.tsx';

interface Wish {
  readonly room: string;
  readonly rights: InvitationRights;
  readonly uses: string;
  readonly hours: number;
  readonly note: string;
}

const EMPTY: Wish = { room: '', rights: 'view', uses: '1', hours: LIFETIMES[2], note: '' };

/** Makes a link for guests. */
export function InvitationForm({ onMade }: { readonly onMade: () => void }) {
  const { api } = useConsole();
  const [wish, setWish] = useState(EMPTY);
  const [link, setLink] = useState<string | null>(null);
  const submit = async () => {
    const { room, rights, uses, hours, note } = wish;
    const body = {
      room: readRoom(room),
      rights,
      uses: Number(uses),
      ttlSeconds: hours * 3600,
      note,
    };
    const { path } = await api.call(createInvitation, { body });
    setLink(new URL(path, location.origin).href);
    onMade();
  };
  return (
    <Card title="New invitation">
      <Form action="Invite" testId="invitation-form" submit={submit}>
        <TextField
          name="Room"
          testId="invitation-room"
          value={wish.room}
          required
          onChange={(room) => setWish({ ...wish, room })}
        />
        <Choice
          name="Guests may"
          testId="invitation-rights"
          options={InvitationRights.options}
          value={wish.rights}
          show={(rights) => rightsNames[rights]}
          onChange={(rights) => setWish({ ...wish, rights })}
        />
        <TextField
          name="For how many guests"
          testId="invitation-uses"
          type="number"
          value={wish.uses}
          required
          onChange={(uses) => setWish({ ...wish, uses })}
        />
        <LifetimeChoice
          name="Valid for"
          testId="invitation-hours"
          hours={wish.hours}
          onChange={(hours) => setWish({ ...wish, hours })}
        />
        <TextField
          name="Note, for yourself"
          testId="invitation-note"
          value={wish.note}
          maxLength={200}
          onChange={(note) => setWish({ ...wish, note })}
        />
      </Form>
      {link !== null && (
        <CopyField label="Link for guests, shown this once" testId="invitation" value={link} />
      )}
    </Card>
  );
}
