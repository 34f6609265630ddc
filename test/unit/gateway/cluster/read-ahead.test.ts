import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { Home } from '../../../../gateway/cluster/homes.ts';
import { handOn, type ClusterEdge } from '../../../../gateway/http/cluster/hand-on.ts';
import { offerOf } from '../../../../gateway/http/offers.ts';
import { anOffer } from '../../../support/sdp/descriptions.ts';
import { waitFor } from '../../../support/wait-for.ts';

test('[CLUSTER-65] an offer is read while it is asked for the home of its room', async () => {
  const asked: Request[] = [];
  const homeOf = async (): Promise<Home> => {
    await waitFor(() => Buffer.isBuffer(asked[0]?.body), { what: 'the body to be read' });
    return { here: true, term: 1 };
  };
  const homes = { isHere: () => false, homeOf };
  const app = express();
  app.use((req, _res, next) => {
    asked.push(req);
    next();
  });
  app.use(handOn({ homes } as unknown as ClusterEdge, () => Promise.resolve('publish')));
  app.post('/whip/demo', (req, res) => {
    res.status(201).send(offerOf(req, 'publish').read().ufrags.join());
  });
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/whip/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: anOffer('chromium-publish'),
  });
  expect(answer.status).toBe(201);
  expect((await answer.text()).length).toBeGreaterThan(3);
});
