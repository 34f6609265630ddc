/**
 * An X11 client that shows the cube with its time code in a window at the display's upper left, in
 * a process of its own: `latency-painter-main.ts <display> <width> <height> <fps>`. Says `ready`.
 */
import { CUBE_ELEMENT, CubeFeed } from '../../host-publisher/media/cube/cube-feed.ts';
import { loadGst } from '../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../host-publisher/media/gstreamer/pipeline.ts';

const [display = '', ...numbers] = process.argv.slice(2);
const [width = 1280, height = 240, fps = 120] = numbers.map(Number);
const gst = loadGst();
gst.init(null, null, [null]);
const caps = `video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1`;
const pipeline = Pipeline.parse(
  gst,
  `appsrc name=${CUBE_ELEMENT} is-live=true format=time max-buffers=1 leaky-type=downstream ` +
    `caps="${caps}" ! videoconvert ! ximagesink display=${display} sync=false`,
);
await pipeline.play();
const feed = new CubeFeed(pipeline, { width, height, fps, bitrateKbps: 0 });
process.once('disconnect', () => {
  void feed.close();
  void pipeline.close().finally(() => process.exit(0));
});
process.send?.('ready');
await pipeline.ended;
