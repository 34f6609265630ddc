import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/** One HTML file for all pages; the gateway serves it at every page's path. */
export default defineConfig(({ mode }) => {
  const port = loadEnv(mode, `${import.meta.dirname}/..`, 'PORT')['PORT'] ?? '8080';
  const gateway = `http://127.0.0.1:${port}`;
  return {
    root: import.meta.dirname,
    base: '/',
    plugins: [react()],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      // The pages' Content-Security-Policy allows files of this origin and nothing inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      proxy: {
        '^/(whip|whep|sessions|api)/': { target: gateway, changeOrigin: false },
        '^/ws/': { target: gateway, changeOrigin: false, ws: true },
      },
    },
  };
});
