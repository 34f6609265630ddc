/** What SRS answers for a path it does not know: the index of the level above. */
export function indexAbove(path: string): object {
  if (path.startsWith('/api/v1/')) return V1_INDEX;
  return path.startsWith('/api/') ? API_INDEX : ROOT_INDEX;
}

const ROOT_INDEX = {
  urls: { api: 'the api root', rtc: { v1: { whip: 'Publish by WHIP', whep: 'Play by WHEP' } } },
} as const;

const API_INDEX = { urls: { v1: 'the api version 1.0' } } as const;

const V1_INDEX = {
  urls: {
    versions: 'the version of the contract that is served',
    summaries: 'the summary (pid, argv, pwd, cpu, mem)',
    rusages: 'the resource usage of the process',
    self_proc_stats: 'the process itself',
    meminfos: 'the memory of the system',
    features: 'the supported features',
    vhosts: 'all vhosts or one',
    streams: 'all streams or one, 10 unless count is given',
    clients: 'all clients or one, 10 unless count is given; DELETE ends one',
  },
  tests: { errors: 'always the error 100' },
} as const;
