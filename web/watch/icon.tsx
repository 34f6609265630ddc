const paths = {
  play: 'M8 5v14l11-7z',
  pause: 'M6 5h4v14H6zM14 5h4v14h-4z',
  sound:
    'M4 9v6h4l5 4V5L8 9zM15.5 8.5a5 5 0 0 1 0 7l1.2 1.2a6.7 6.7 0 0 0 0-9.4zM18 6a8.5 8.5 0 0 1 0 12l1.2 1.2a10.2 10.2 0 0 0 0-14.4z',
  muted:
    'M4 9v6h4l5 4V5L8 9zM20.6 9.2 19.4 8 17 10.4 14.6 8l-1.2 1.2L15.8 12l-2.4 2.8 1.2 1.2 2.4-2.8 2.4 2.8 1.2-1.2-2.4-2.8z',
  figures: 'M5 20V10h3v10zM10.5 20V4h3v16zM16 20v-7h3v7z',
  float: 'M3 5h18v6h-2V7H5v10h5v2H3zM12 13h9v6h-9z',
  fill: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  leave: 'M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z',
} as const;

/** A drawn sign; the button around it carries the words. */
export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
