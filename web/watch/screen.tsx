import { useEffect, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useObservable } from '../ui/use-observable.ts';
import type { Drive } from './control/drive.ts';
import { pixelSize } from './control/picture-scales.ts';
import type { PictureScale } from './control/picture-scales.ts';

/** The video and what lies on it to the pixel: it scrolls and zooms as one. */
export function Screen({
  video,
  drive,
  scale,
  children,
}: {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly drive: Drive;
  readonly scale: PictureScale;
  readonly children: ReactNode;
}) {
  const picture = usePictureSize(video);
  const { factor, x, y } = useObservable(drive.zoom);
  const inPixels = scale === 'pixels' && picture !== null;
  return (
    <div className="scroller" data-scale={scale} data-testid="scroller">
      <div
        className="screen"
        style={{
          ...(inPixels ? pixelSize(picture, devicePixelRatio) : {}),
          ...(factor > 1
            ? { transform: `scale(${factor})`, transformOrigin: `${x}px ${y}px` }
            : {}),
        }}
      >
        <video ref={video} playsInline aria-label="Shared screen" data-testid="video" />
        {children}
      </div>
    </div>
  );
}

/** Pixels of the picture; null before the first one. */
function usePictureSize(video: RefObject<HTMLVideoElement | null>) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(
    null,
  );
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    const read = () => {
      const { videoWidth: width, videoHeight: height } = element;
      setSize(width > 0 ? { width, height } : null);
    };
    element.addEventListener('resize', read);
    return () => element.removeEventListener('resize', read);
  }, [video]);
  return size;
}
