import { useEffect, useRef } from 'react';
import type { Observable } from '../../core/observable.ts';
import type { PaintedPicture } from '../../core/stripes/painted-picture.ts';
import { useObservable } from '../../ui/use-observable.ts';
import type { Picture } from '../picture.ts';
import type { Drive } from './drive.ts';
import { WAY_OUT } from './way-out.ts';

/** Over the picture: takes pointer and keys of whoever drives, and wears the host's cursor. */
export function InputSurface({
  drive,
  picture,
  painted,
}: {
  readonly drive: Drive;
  readonly picture: Picture;
  /** Pictures that are drawn on its canvas. */
  readonly painted: Observable<PaintedPicture | null>;
}) {
  const stage = useRef<HTMLDivElement>(null);
  const { hasKeys } = useObservable(drive.capture);
  useEffect(() => {
    if (stage.current === null) return;
    return drive.attach(stage.current, picture, painted);
  }, [drive, picture, painted]);
  return (
    <div
      ref={stage}
      className="input-surface"
      data-testid="surface"
      data-keyboard={hasKeys || undefined}
    >
      {hasKeys && (
        <p className="way-out" data-testid="way-out">
          The keyboard goes to the machine. {WAY_OUT} brings it back.
        </p>
      )}
    </div>
  );
}
