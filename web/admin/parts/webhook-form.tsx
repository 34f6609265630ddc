import { useState } from 'react';
import { createWebhook } from '../../../gateway/protocol/api/webhooks.ts';
import { GatewayEventType } from '../../../gateway/protocol/gateway-event.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { useConsole } from '../console-context.ts';
import { readRooms } from '../core/read-rooms.ts';
import { Card } from './card.tsx';
import { Form } from './form.tsx';
import { TextField } from './text-field.tsx';

interface Wish {
  readonly url: string;
  readonly description: string;
  readonly rooms: string;
  readonly types: readonly GatewayEventType[];
}

const EMPTY: Wish = { url: '', description: '', rooms: '*', types: [] };

/** Adds a receiver; its secret is shown this once. */
export function WebhookForm({ onMade }: { readonly onMade: () => void }) {
  const { api } = useConsole();
  const [wish, setWish] = useState(EMPTY);
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async () => {
    const rooms = readRooms(wish.rooms);
    const body = { ...wish, types: [...wish.types], rooms: rooms === '*' ? [] : rooms };
    setSecret((await api.call(createWebhook, { body })).secret);
    setWish(EMPTY);
    onMade();
  };
  const toggle = (type: GatewayEventType, isWanted: boolean) =>
    setWish({
      ...wish,
      types: GatewayEventType.options.filter((each) =>
        each === type ? isWanted : wish.types.includes(each),
      ),
    });
  return (
    <Card title="New webhook">
      <Form action="Add" testId="webhook-form" submit={submit}>
        <TextField
          name="Address (https://…)"
          testId="webhook-url"
          type="url"
          value={wish.url}
          required
          onChange={(url) => setWish({ ...wish, url })}
        />
        <TextField
          name="What for"
          testId="webhook-description"
          value={wish.description}
          maxLength={200}
          onChange={(description) => setWish({ ...wish, description })}
        />
        <TextField
          name="Rooms: names with commas, or * for all"
          testId="webhook-rooms"
          value={wish.rooms}
          onChange={(rooms) => setWish({ ...wish, rooms })}
        />
        <fieldset className="whole checks">
          <legend>Events; none chosen: all</legend>
          {GatewayEventType.options.map((type) => (
            <label key={type} className="check">
              <input
                type="checkbox"
                checked={wish.types.includes(type)}
                onChange={({ target }) => toggle(type, target.checked)}
              />
              {type}
            </label>
          ))}
        </fieldset>
      </Form>
      {secret !== null && (
        <CopyField label="Secret, shown this once" testId="webhook-secret" value={secret} />
      )}
    </Card>
  );
}
