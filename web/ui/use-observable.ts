import { useSyncExternalStore } from 'react';
import type { Observable } from '../core/observable.ts';

/** The value of an observable, rendered again on each replacement. */
export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, () => observable.value);
}
