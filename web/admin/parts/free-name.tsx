import { useState } from 'react';
import type { RoomId, SourceId } from '../../../gateway/protocol/ids.ts';
import { DEFAULT_SOURCE, isName } from '../../page-route.ts';
import { useFreeSource } from '../use-end-source.tsx';
import { Card } from './card.tsx';
import type { Question } from './confirm.tsx';
import { Form } from './form.tsx';
import { TextField } from './text-field.tsx';

/** Throws out at the media servers what keeps a name busy there. */
export function FreeName({
  room,
  ask,
}: {
  readonly room: RoomId;
  readonly ask: (question: Question) => void;
}) {
  const [source, setSource] = useState(DEFAULT_SOURCE);
  const freeSource = useFreeSource();
  const submit = () => {
    if (!isName(source)) throw new RangeError('This is not the name of a source.');
    ask(freeSource(room, source as SourceId));
  };
  return (
    <Card
      title="Stuck name"
      hint="For a source that nobody shares, and yet nobody can share: “Someone else is already sharing”."
    >
      <Form action="Free the name" testId="free-name" submit={submit}>
        <TextField
          name="Source"
          testId="free-source"
          value={source}
          required
          maxLength={64}
          onChange={setSource}
        />
      </Form>
    </Card>
  );
}
