import { SrsError, statusOf } from '../srs-error.ts';

/** An answer before it has the headers that all answers share. `cut`: none, the socket closes. */
export type Reply =
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

export const cut: Reply = { kind: 'cut' };

export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Reply {
  return { kind: 'answer', status, headers, body };
}

export const json = (body: object): Reply =>
  answer(200, { 'Content-Type': 'application/json' }, JSON.stringify(body));

export const text = (status: number, body: string): Reply =>
  answer(status, { 'Content-Type': 'text/plain; charset=utf-8' }, body);

/** SRS's redirect to the same path with a slash. */
export const redirect = (location: string): Reply =>
  answer(
    302,
    { 'Content-Type': 'text/plain; charset=utf-8', Location: location },
    `Redirect to ${location}`,
  );

/** `5012: RtcSdpDecode`, as SRS 7.0.121 and later say it; anything but an SrsError is ours. */
export const failure = (error: unknown): Reply =>
  error instanceof SrsError
    ? text(statusOf(error.code), error.text)
    : text(500, 'Internal Server Error');
