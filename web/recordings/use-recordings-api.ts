import { useState } from 'react';
import { createBrowserPort } from '../core/browser-port.ts';
import { RecordingsApi } from '../core/recordings/recordings-api.ts';

/** The API of this page, for its whole life. */
export function useRecordingsApi(token: string): RecordingsApi {
  const [api] = useState(
    () => new RecordingsApi(createBrowserPort(), { origin: location.origin, token }),
  );
  return api;
}

/** Where a recording is played; the token stays in the fragment. */
export const recordingLink = (id: string, token: string): string =>
  `/recordings/${id}${fragmentOf(token)}`;

export const recordingsLink = (token: string): string => `/recordings${fragmentOf(token)}`;

const fragmentOf = (token: string): string =>
  token === '' ? '' : `#${new URLSearchParams({ token })}`;
