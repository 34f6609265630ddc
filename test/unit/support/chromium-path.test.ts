import { expect, test } from 'vitest';
import { findInstalledChromium } from '../../support/browser/chromium-path.ts';

test('CHROMIUM_PATH goes before the usual places', () => {
  const found = findInstalledChromium({ CHROMIUM_PATH: process.execPath }, ['/nowhere']);
  expect(found).toBe(process.execPath);
});

test('a CHROMIUM_PATH that cannot be started is named', () => {
  const look = (): unknown => findInstalledChromium({ CHROMIUM_PATH: '/nowhere/chromium' });
  expect(look).toThrow('/nowhere/chromium');
});

test('the first usual place that has one is taken', () => {
  expect(findInstalledChromium({}, ['/nowhere', process.execPath])).toBe(process.execPath);
  expect(findInstalledChromium({}, ['/nowhere'])).toBeNull();
});
