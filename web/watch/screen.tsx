import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useObservable } from '../ui/use-observable.ts';
import type { Drive } from './control/drive.ts';
import { pixelSize } from './control/picture-scales.ts';
import type { PictureScale } from './control/picture-scales.ts';
import type { Picture } from './picture.ts';

/** The picture and what lies on it to the pixel: it scrolls and zooms as one. */
export function Screen({
  picture,
  drive,
  scale,
  children,
}: {
  readonly picture: Picture;
  readonly drive: Drive;
  readonly scale: PictureScale;
  readonly children: ReactNode;
}) {
  const screen = useRef<HTMLDivElement>(null);
  const { size } = useObservable(picture.seen);
  const { factor, x, y } = useObservable(drive.zoom);
  const inPixels = scale === 'pixels' && size !== null;
  useEffect(() => (screen.current === null ? undefined : picture.mount(screen.current)), [picture]);
  return (
    <div className="scroller" data-scale={scale} data-testid="scroller">
      <div
        ref={screen}
        className="screen"
        style={{
          ...(inPixels ? pixelSize(size, devicePixelRatio) : {}),
          ...(factor > 1
            ? { transform: `scale(${factor})`, transformOrigin: `${x}px ${y}px` }
            : {}),
        }}
      >
        {children}
      </div>
    </div>
  );
}
