/** Heartbeats as SRS 6.0.157 sent them; addresses and ids are of that run. */
export const RECORDED = {
  /** `http_api { listen 21985; }`, `ports on`. */
  barePort: {
    ...{ device_id: 'n21985', ip: '192.0.2.2', server: 'vid-c533f5k', service: '9q56w8a6' },
    ...{ pid: '29258', rtmp: ['127.0.0.1:31985'], api: ['21985'], rtc: ['udp://0.0.0.0:22085'] },
  },
  /** `http_api { listen 127.0.0.1:21986; }`, `ports on`, `summaries on` (shortened). */
  withAddress: {
    ...{ device_id: 'n21986', ip: '192.0.2.2', server: 'vid-187exll', service: 'qr6t455j' },
    ...{ pid: '29259', rtmp: ['127.0.0.1:31986'], api: ['127.0.0.1:21986'] },
    rtc: ['udp://0.0.0.0:22086'],
    summaries: { data: { ok: true, self: { version: '6.0.157', argv: './objs/srs' }, system: {} } },
  },
  /** `ports off`, as by default. */
  withoutPorts: {
    ...{ device_id: 'n21987', ip: '192.0.2.2', server: 'vid-p07qyj4', service: 'ouv80nf0' },
    pid: '29260',
  },
} as const;

/** The same of another server: its API and its run. */
export const aHeartbeat = (api: string, service: string) => ({
  ...RECORDED.barePort,
  api: [api],
  service,
});
