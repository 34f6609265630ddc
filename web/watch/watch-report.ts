import type { FigureSample } from './figure-history.ts';

/** What a report says of where it was made. */
export interface ReportContext {
  readonly savedAt: string;
  readonly browser: string;
  readonly mode: string;
  readonly state: string;
}

/** The text of a report that may be handed on: no token, no address, no name. */
export function reportText(context: ReportContext, samples: readonly FigureSample[]): string {
  const report = {
    report: 'pixelcast-watch',
    version: 1,
    ...context,
    path: samples.findLast(({ path }) => path !== null)?.path ?? null,
    samples: samples.map(({ atMs, ...figures }) => ({
      at: new Date(atMs).toISOString(),
      ...figures,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Lets the browser save a text as a file. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
