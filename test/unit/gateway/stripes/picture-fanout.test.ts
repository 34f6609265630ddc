import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UNPAINTED_WINDOW } from '../../../../gateway/protocol/media/media-protocol.ts';
import { FedViewer } from '../../../support/media/fed-viewer.ts';
import { FeedStage } from '../../../support/media/feed-stage.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('pictures, stripes and bytes of publishers are counted once, whoever watches', () => {
  const stage = new FeedStage({ rows: 3 });
  const viewers = [new FedViewer(stage.feed), new FedViewer(stage.feed)];
  stage.show();
  stage.show({ rows: [1] });
  const sent = viewers[0]?.messages.reduce((sum, { byteLength }) => sum + byteLength, 0) ?? 0;
  expect(stage.figures).toMatchObject({ pictures: 2, stripes: 4, bytesIn: sent });
  expect(stage.figures.bytesOut).toBe(2 * sent);
});

test('[MEDIA-09] a picture whose end never comes is complete when the next one begins', () => {
  const stage = new FeedStage({ rows: 2 });
  const viewer = new FedViewer(stage.feed);
  stage.show();
  const [first] = stage.next();
  stage.publication.take(first ?? Buffer.alloc(0));
  const late = new FedViewer(stage.feed);
  stage.show();
  expect(late.stripes.map(({ frame }) => frame)).toContain(stage.frame);
  expect(viewer.stripes.filter(({ frame }) => frame === stage.frame - 1)).toHaveLength(1);
});

test('[MEDIA-04] what one publisher sent is not held against the next', () => {
  const stage = new FeedStage();
  const viewer = new FedViewer(stage.feed);
  stage.show();
  viewer.paint();
  for (let count = 0; count <= UNPAINTED_WINDOW; count += 1) stage.show();
  stage.publication.end();
  viewer.messages.length = 0;
  stage.publish();
  stage.show();
  expect(viewer.pictures.at(-1)).toBe(stage.frame);
});
