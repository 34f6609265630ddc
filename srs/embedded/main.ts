import { useCompileCache } from './compile-cache.ts';

useCompileCache();
await import('./supervise.ts');
