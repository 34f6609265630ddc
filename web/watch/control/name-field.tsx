import { useState } from 'react';

const LONGEST = 40;

/** What the others call this viewer; empty: after the link. */
export function NameField({
  name,
  rename,
}: {
  readonly name: string | null;
  readonly rename: (name: string | null) => void;
}) {
  const [text, setText] = useState(name ?? '');
  const [saved, setSaved] = useState<string | null>(null);
  const wanted = text.trim();
  return (
    <form
      className="name-field"
      onSubmit={(event) => {
        event.preventDefault();
        rename(wanted === '' ? null : wanted);
        setSaved(wanted);
      }}
    >
      <label>
        Your name
        <input
          value={text}
          maxLength={LONGEST}
          autoComplete="nickname"
          placeholder="As in the link"
          data-testid="name"
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <button type="submit" data-testid="name-save">
        {wanted === saved ? 'Saved' : 'Save'}
      </button>
    </form>
  );
}
