import type { SessionProblem } from '../../core/problem.ts';
import { loginLink } from '../../login/next-page.ts';
import { Notice } from '../../ui/notice.tsx';
import { explainAdminProblem } from '../admin-words.ts';

/** Before the gateway has said who one is, or where it does not let one in. */
export function Entrance({
  problem,
  onAgain,
}: {
  readonly problem: SessionProblem | null;
  readonly onAgain: () => void;
}) {
  return (
    <main
      className="page narrow"
      data-testid="entrance"
      data-state={problem === null ? 'loading' : 'failed'}
    >
      <title>Admin · PixelCast</title>
      <h1>Admin</h1>
      {problem === null ? (
        <p className="loading" role="status">
          <span className="spinner" aria-hidden="true" /> Asking the gateway…
        </p>
      ) : (
        <div className="stack">
          <Notice tone="problem">{explainAdminProblem(problem)}</Notice>
          <div className="row">
            <button type="button" onClick={onAgain}>
              Try again
            </button>
            {problem.status === 401 && (
              <a className="button" href={loginLink(location.pathname)}>
                Log in
              </a>
            )}
          </div>
        </div>
      )}
    </main>
  );
}
