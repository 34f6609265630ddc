const DEFAULT_VHOST = '__defaultVhost__';

/** A stream as SRS names it. The engine has one vhost, so every request resolves to the default. */
export interface StreamName {
  readonly vhost: string;
  readonly app: string;
  readonly stream: string;
  /** `/app/stream` without the stream's extension: `/live/x` for `x` and for `x.flv`. */
  readonly url: string;
  /** Identity for the media side; two names with one `url` are one stream. */
  readonly key: string;
}

/** SRS's defaults stand in for what is missing or empty: `live` and `livestream`. */
export function streamName(app: string, stream: string): StreamName {
  const names = { app: app === '' ? 'live' : app, stream: stream === '' ? 'livestream' : stream };
  const url = `/${names.app}/${withoutExtension(names.stream)}`;
  return { vhost: DEFAULT_VHOST, ...names, url, key: `${DEFAULT_VHOST}${url}` };
}

function withoutExtension(stream: string): string {
  const dot = stream.lastIndexOf('.');
  return dot < 0 ? stream : stream.slice(0, dot);
}
