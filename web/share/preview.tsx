import { useEffect, useRef } from 'react';

/** The captured picture, always without sound. */
export function Preview({
  stream,
  label = 'Preview of what you share',
}: {
  readonly stream: MediaStream | null;
  readonly label?: string;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div className="preview">
      <video ref={video} autoPlay muted playsInline aria-label={label} data-testid="preview" />
      {stream === null && <p aria-hidden="true">The preview appears here.</p>}
    </div>
  );
}
