import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useObservable } from '../ui/use-observable.ts';
import type { EmbedBridge } from './embed-bridge.ts';

/** A page within another: it waits for a token, and starts afresh with another one. */
export function EmbeddedPage({
  bridge,
  children,
}: {
  readonly bridge: EmbedBridge;
  readonly children: (token: string) => ReactNode;
}) {
  const token = useObservable(bridge.token);
  useEffect(() => {
    if (token === '')
      bridge.tellState({ state: 'waiting', problem: null, picture: null, mode: null });
  }, [bridge, token]);
  if (token === '') return <main className="watch" data-testid="embedded" data-state="waiting" />;
  return children(token);
}
