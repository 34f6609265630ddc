import { logout } from '../../../gateway/protocol/api/login.ts';
import type { MeView } from '../../../gateway/protocol/api/login.ts';
import { useConsole } from '../console-context.ts';
import { roleNames } from '../role-words.ts';
import { ActButton } from './act-button.tsx';

/** Who one is here, and the way out. */
export function Account({ me }: { readonly me: MeView }) {
  const { api } = useConsole();
  const leave = async () => {
    await api.call(logout);
    location.assign('/login');
  };
  return (
    <div className="account">
      <p data-testid="account">
        {me.name}
        <span className="hint">{roleNames[me.role]}</span>
      </p>
      {me.csrf !== null && (
        <ActButton testId="logout" act={leave}>
          Log out
        </ActButton>
      )}
    </div>
  );
}
