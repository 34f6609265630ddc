import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { useObservable } from '../../ui/use-observable.ts';
import type { Drive } from './drive.ts';
import { WAY_OUT } from './way-out.ts';

/** Over the picture: takes pointer and keys of whoever drives, and wears the host's cursor. */
export function InputSurface({
  drive,
  video,
}: {
  readonly drive: Drive;
  readonly video: RefObject<HTMLVideoElement | null>;
}) {
  const stage = useRef<HTMLDivElement>(null);
  const { hasKeys } = useObservable(drive.capture);
  useEffect(() => {
    if (stage.current === null || video.current === null) return;
    return drive.attach(stage.current, video.current);
  }, [drive, video]);
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
