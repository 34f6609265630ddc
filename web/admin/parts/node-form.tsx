import { useState } from 'react';
import { addNode } from '../../../gateway/protocol/api/nodes.ts';
import { useConsole } from '../console-context.ts';
import { Card } from './card.tsx';
import { Form } from './form.tsx';
import { TextField } from './text-field.tsx';

/** Makes a media server known, until the gateway is restarted. */
export function NodeForm({ onAdded }: { readonly onAdded: () => Promise<unknown> }) {
  const { api, outcomes } = useConsole();
  const [url, setUrl] = useState('');
  const submit = async () => {
    const { node } = await api.call(addNode, { body: { url: url.trim() } });
    outcomes.tell({ tone: 'done', sentence: `${node} is known now.` });
    setUrl('');
    await onAdded();
  };
  return (
    <Card title="Another media server">
      <Form action="Add" testId="node-form" submit={submit}>
        <TextField
          name="Address of its API (http://…:1985)"
          testId="node-url"
          type="url"
          value={url}
          required
          maxLength={300}
          hint="Until the gateway is restarted. One that is to stay belongs in SRS_NODES or SRS_NODES_FILE."
          onChange={setUrl}
        />
      </Form>
    </Card>
  );
}
