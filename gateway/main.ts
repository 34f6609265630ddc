import './check-node.js';

/** The process. What it loads is kept compiled, so that a restart takes half the time. */
await import('./serve.ts');
