import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { stampBuild } from './build-if-stale.ts';

/** `<pixelcast-viewer>` as one file under a name that stays, after the pages are built. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: `${import.meta.dirname}/embed/pixelcast-viewer.ts`,
      preserveEntrySignatures: 'exports-only',
      output: { entryFileNames: 'embed/[name].js' },
    },
    modulePreload: { polyfill: false },
  },
  plugins: [stamp()],
});

/** Lets `build-if-stale.ts` see that this build is of these sources. */
function stamp(): Plugin {
  return { name: 'pixelcast:stamp', apply: 'build', closeBundle: stampBuild };
}
