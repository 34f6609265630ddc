import { z } from 'zod';
import { operation } from './operation.ts';

const tag = 'Health';

export const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/healthz',
  tag,
  summary: 'Whether the process answers',
  access: 'open',
  reply: { media: ['text/plain'] },
});

export const getReadiness = operation({
  id: 'getReadiness',
  method: 'GET',
  path: '/readyz',
  tag,
  summary: 'Whether it can serve; 503 and why where not',
  access: 'open',
  reply: z.object({ ready: z.boolean(), reasons: z.array(z.string()) }),
});

export const getMetrics = operation({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  tag,
  summary: 'Figures for Prometheus',
  description: 'From this machine, and everywhere with METRICS_PUBLIC, without a token.',
  access: 'global-admin',
  reply: { media: ['text/plain'] },
});
