import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A client of one event stream that keeps every byte as it came. */
export class EventReader {
  readonly response: IncomingMessage;
  text = '';
  /** How the response came to its end, once it did. */
  ending: 'complete' | 'cut' | null = null;

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8').on('data', (text: string) => void (this.text += text));
    response.on('end', () => void (this.ending = 'complete'));
    response.on('error', () => void (this.ending ??= 'cut'));
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const request = get(url, { agent: false, headers });
    onTestFinished(() => void request.destroy());
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    request.on('error', () => undefined);
    return new EventReader(response);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Events so far: name and data. */
  get events(): readonly string[] {
    return [...this.text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(
      ([, name = '', data = '']) => `${name} ${data}`,
    );
  }

  close(): void {
    this.response.destroy();
  }
}
