import { useCompileCache } from './compile-cache.ts';

useCompileCache();
await import('./child.ts');
