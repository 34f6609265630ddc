import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import type { Heartbeat } from '../../nodes/heartbeats.ts';

/** Of SRS 6; the lists are there with `ports on`, and are bare ports without an address in `listen` (srs.md §7.1). */
const HeartbeatBody = z.object({
  server: z.string().min(1).max(100),
  service: z.string().min(1).max(100),
  api: z.array(z.string().max(300)).max(16).default([]),
});

/** The body of SRS's heartbeat in our words. @throws GatewayError `bad-request` when it is not SRS's, or has no address */
export function readHeartbeat(body: unknown): Heartbeat {
  const parsed = HeartbeatBody.safeParse(body);
  if (!parsed.success) {
    throw new GatewayError('bad-request', 'This is not a heartbeat of SRS 6 or later.');
  }
  const { service, api } = parsed.data;
  const [first] = api;
  if (first === undefined) {
    throw new GatewayError('bad-request', 'The heartbeat names no API: set "ports on" in SRS.');
  }
  return { service, api: first };
}
