import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lifecycle, type Service } from '../../../gateway/lifecycle.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aLifecycle(...changed: readonly (Partial<Service> & { readonly name: string })[]) {
  const steps: string[] = [];
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(line) },
  });
  const services = ['one', 'two', 'three'].map((name): Service => ({
    name,
    start: () => void steps.push(`start ${name}`),
    close: () => void steps.push(`close ${name}`),
    ...changed.find((service) => service.name === name),
  }));
  return { steps, lines, lifecycle: new Lifecycle(services, { log, deadlineMs: 1000 }) };
}

test('starts in order and closes in reverse', async () => {
  const { steps, lifecycle } = aLifecycle();
  await lifecycle.start();
  await lifecycle.close();
  expect(steps).toEqual([
    'start one',
    'start two',
    'start three',
    'close three',
    'close two',
    'close one',
  ]);
});

test('a failed start closes what had started, and says why', async () => {
  const failure = new Error('port in use');
  const { steps, lifecycle } = aLifecycle({
    name: 'two',
    start: () => {
      throw failure;
    },
  });
  await expect(lifecycle.start()).rejects.toBe(failure);
  expect(steps).toEqual(['start one', 'close two', 'close one']);
});

test('a second close joins the first', async () => {
  const { steps, lifecycle } = aLifecycle();
  await lifecycle.start();
  expect(lifecycle.close()).toBe(lifecycle.close());
  await lifecycle.close();
  expect(steps.filter((step) => step.startsWith('close'))).toHaveLength(3);
});

test('what does not close in its time is named in an error line; the rest closes', async () => {
  const { steps, lines, lifecycle } = aLifecycle({
    name: 'two',
    close: () => new Promise<void>(() => undefined),
  });
  await lifecycle.start();
  const closing = lifecycle.close();
  await vi.advanceTimersByTimeAsync(1000);
  await closing;
  expect(steps.at(-1)).toBe('close one');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 50, service: 'two', msg: 'service did not close' },
  ]);
});

test('what throws when it closes holds nobody up', async () => {
  const { steps, lines, lifecycle } = aLifecycle({
    name: 'three',
    close: () => Promise.reject(new Error('no')),
  });
  await lifecycle.start();
  await lifecycle.close();
  expect(steps.slice(-2)).toEqual(['close two', 'close one']);
  expect(lines).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a close while it starts lets nothing further start', async () => {
  const gate = Promise.withResolvers<undefined>();
  const { steps, lifecycle } = aLifecycle({ name: 'two', start: () => gate.promise.then() });
  const starting = lifecycle.start();
  starting.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  await lifecycle.close();
  gate.resolve(undefined);
  await expect(starting).rejects.toThrow('stopped while starting');
  expect(steps).toEqual(['start one', 'close two', 'close one']);
});
