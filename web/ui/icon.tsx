const paths = {
  play: 'M8 5v14l11-7z',
  pause: 'M6 5h4v14H6zM14 5h4v14h-4z',
  sound:
    'M4 9v6h4l5 4V5L8 9zM15.5 8.5a5 5 0 0 1 0 7l1.2 1.2a6.7 6.7 0 0 0 0-9.4zM18 6a8.5 8.5 0 0 1 0 12l1.2 1.2a10.2 10.2 0 0 0 0-14.4z',
  muted:
    'M4 9v6h4l5 4V5L8 9zM20.6 9.2 19.4 8 17 10.4 14.6 8l-1.2 1.2L15.8 12l-2.4 2.8 1.2 1.2 2.4-2.8 2.4 2.8 1.2-1.2-2.4-2.8z',
  record: 'M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14z',
  stop: 'M6 6h12v12H6z',
  figures: 'M5 20V10h3v10zM10.5 20V4h3v16zM16 20v-7h3v7z',
  float: 'M3 5h18v6h-2V7H5v10h5v2H3zM12 13h9v6h-9z',
  fill: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  hand: 'M7 21c-2-2-3.5-5-3.5-6.5 0-1 1.5-1.5 2.3-.5L8 16V6a1.2 1.2 0 0 1 2.4 0v5h.6V4a1.2 1.2 0 0 1 2.4 0v7h.6V5a1.2 1.2 0 0 1 2.4 0v7h.6V7.5a1.2 1.2 0 0 1 2.4 0V15c0 4-2 6-5 6z',
  people:
    'M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2.5 20v-1.5C2.5 16 5.5 14 9 14s6.5 2 6.5 4.5V20zM16 6a3 3 0 0 1 0 6zM17 14.3c2.6.5 4.5 2.1 4.5 4.2V20H17z',
  keyboard:
    'M2 6h20v12H2zM4 8v8h16V8zM5.5 9.5h2v2h-2zM9 9.5h2v2H9zM12.5 9.5h2v2h-2zM16 9.5h2.5v2H16zM7 13h10v1.8H7z',
  keys: 'M4 4h7v7H4zM6 6v3h3V6zM13 4h7v7h-7zM15 6v3h3V6zM4 13h16v7H4zM6 15v3h12v-3z',
  clipboard: 'M9 3h6v2h4v16H5V5h4zM7 7v12h10V7h-2v2H9V7zM11 4.5V7h2V4.5z',
  aim: 'M11 2h2v4h-2zM11 18h2v4h-2zM2 11h4v2H2zM18 11h4v2h-4zM12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z',
  shortcuts:
    'M5 5h6v2H7v4H5zM13 5h6v6h-2V7h-4zM5 13h2v4h4v2H5zM17 13h2v6h-6v-2h4zM10.5 10.5h3v3h-3z',
  run: 'M4 5h16v14H4zM6 7v10h12V7zM7.5 9l3 3-3 3 1 1 4-4-4-4zM13 14.5h4V16h-4z',
  close: 'M6 4.6 12 10.6l6-6L19.4 6l-6 6 6 6-1.4 1.4-6-6-6 6L4.6 18l6-6-6-6z',
  swap: 'M7 7h8.5l-2-2L15 3.5 19.5 8 15 12.5 13.5 11l2-2H7zM17 17H8.5l2 2L9 20.5 4.5 16 9 11.5l1.5 1.5-2 2H17z',
  torch: 'M7 3h10v3l-2 4v11H9V10L7 6zM9 5v.6L10.9 9.5V19h2.2V9.5L15 5.6V5zM11.2 11.5h1.6v3h-1.6z',
  microphone:
    'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11h2a4 4 0 0 0 8 0h2a6 6 0 0 1-5 5.9V20h-2v-3.1A6 6 0 0 1 6 11z',
  settings:
    'M4 6h7v2H4zM15 6h5v2h-5zM12 4.5h2v5h-2zM4 11h3v2H4zM11 11h9v2h-9zM8 9.5h2v5H8zM4 16h9v2H4zM17 16h3v2h-3zM14 14.5h2v5h-2z',
  back: 'M12 5V2L7 6l5 4V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z',
  forward: 'M12 5V2l5 4-5 4V7a5 5 0 1 0 5 5h2a7 7 0 1 1-7-7z',
  leave: 'M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z',
} as const;

export type IconName = keyof typeof paths;

/** A drawn sign; the button around it carries the words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
