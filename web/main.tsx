import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { EmbedBridge } from './embed/embed-bridge.ts';
import { parseEmbedOptions } from './embed/embed-options.ts';
import { parseLinkFragment } from './link-fragment.ts';

const { embedded, control } = parseEmbedOptions(location.search, window.parent !== window);
// Before anything else: the page around says hello as soon as this one is loaded.
const bridge = embedded ? new EmbedBridge(window, parseLinkFragment(location.hash).token) : null;
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App bridge={bridge} control={control} />);
