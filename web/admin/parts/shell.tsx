import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useObservable } from '../../ui/use-observable.ts';
import { useConsole } from '../console-context.ts';
import type { ConsolePageName } from '../console-route.ts';
import { Navigation } from './navigation.tsx';
import { OutcomeLine } from './outcome-line.tsx';

/** The frame of all pages: navigation at the side, or in a sheet where there is no room for it. */
export function Shell({
  current,
  account,
  children,
}: {
  readonly current: ConsolePageName | null;
  readonly account: ReactNode;
  readonly children: ReactNode;
}) {
  const main = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="console">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <header className="console-bar">
        <button
          type="button"
          className="menu-button"
          aria-expanded={isOpen}
          aria-haspopup="dialog"
          data-testid="menu"
          onClick={() => setOpen(true)}
        >
          <svg className="nav-sign" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 7h16M4 12h16M4 17h16" />
          </svg>
          Menu
        </button>
        <p className="brand">
          <span className="name">PixelCast</span> Admin
        </p>
        <NewsSign />
      </header>
      <aside className="console-side" aria-label="Console">
        <p className="brand">
          <span className="name">PixelCast</span> Admin
        </p>
        <Navigation current={current} />
        <div className="side-foot">
          <NewsSign />
          {account}
        </div>
      </aside>
      {isOpen && (
        <Sheet onEnd={() => setOpen(false)}>
          <Navigation current={current} onGo={() => setOpen(false)} />
          <div className="side-foot">{account}</div>
        </Sheet>
      )}
      <main ref={main} className="console-main" tabIndex={-1} data-testid="admin">
        {children}
      </main>
      <OutcomeLine />
    </div>
  );
}

/** Whether what is seen follows what happens at once. */
function NewsSign() {
  const { news } = useConsole();
  const isOpen = useObservable(news.isOpen);
  return (
    <p className="news-sign" data-live={isOpen} data-testid="news">
      {isOpen ? 'Live' : 'Every 3 s'}
    </p>
  );
}

function Sheet({ onEnd, children }: { readonly onEnd: () => void; readonly children: ReactNode }) {
  const dialogue = useRef<HTMLDialogElement>(null);
  useEffect(() => dialogue.current?.showModal(), []);
  return (
    <dialog
      ref={dialogue}
      className="sheet"
      aria-label="Menu"
      onClose={onEnd}
      onClick={({ target }) => target === dialogue.current && onEnd()}
    >
      <button type="button" className="small" onClick={onEnd}>
        Close
      </button>
      {children}
    </dialog>
  );
}
