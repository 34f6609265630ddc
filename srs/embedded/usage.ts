/** What `--help` prints. A test holds it against the settings that exist. */
export const USAGE = `Usage: npm run engine [-- --help]

A media server with SRS's HTTP API and hooks, for use in place of SRS.
It restarts itself after a crash and ends on SIGTERM or Ctrl+C.

Settings (environment):
  ENGINE_API_HOST       address of the HTTP API                          127.0.0.1
  ENGINE_API_PORT       TCP port of the HTTP API, 0: any free one        1985
  ENGINE_API_USER       with ENGINE_API_PASSWORD: Basic auth on /api/    (open)
  ENGINE_API_PASSWORD
  ENGINE_HOOKS_URL      hooks are posted to <URL>/publish, /unpublish,
                        /play, /stop and /dvr; its query is kept               (none: all allowed)
  ENGINE_COMPAT         the line of SRS that is shown: 6 or 7            7
  ENGINE_SERVER_ID      the id that answers and hooks carry              (from host and port)
  ENGINE_INACTIVITY_MS  a session without packets ends after this        30000
  ENGINE_SWEEP_MS       and is looked for this often                     5000
  ENGINE_DVR_PATH       publications are recorded into such files, .mp4 at
                        the end: [vhost], [app], [stream], [timestamp]   (no recording)
  ENGINE_DVR_APPLY      which: all, or none until /api/v1/dvr names them all
  MEDIA_PORT            UDP port of all media, 0: any free one           8000
  MEDIA_BIND            address that media is bound to                   (all)
  MEDIA_CANDIDATE       addresses announced to clients, comma separated  (this machine's)
  LOG_LEVEL             silent, error, warn, info or debug               info
`;
