import { describe, expect, test } from 'vitest';
import { parseEmbedOptions } from '../../../../web/embed/embed-options.ts';
import {
  embedMessage,
  readEmbedCommand,
  readEmbedEvent,
} from '../../../../web/embed/embed-protocol.ts';

describe('readEmbedCommand', () => {
  test.each([
    { type: 'hello' as const },
    { type: 'hello' as const, token: 'a.b.c' },
    { type: 'token' as const, token: 'a.b.c' },
    { type: 'player' as const, muted: true },
    { type: 'player' as const, paused: false, muted: false },
    { type: 'control' as const, wish: 'release' as const },
  ])('%j', (command) => {
    expect(readEmbedCommand(structuredClone(embedMessage(command)))).toEqual(command);
  });

  test.each([
    null,
    'hello',
    {},
    { type: 'hello' },
    { pixelcast: 1 },
    { pixelcast: 1, type: 'hello', token: 7 },
    { pixelcast: 1, type: 'token' },
    { pixelcast: 1, type: 'player', paused: 'yes' },
    { pixelcast: 1, type: 'control', wish: 'take' },
    { pixelcast: 1, type: 'toString' },
  ])('%j is nothing', (data) => {
    expect(readEmbedCommand(data)).toBeNull();
  });

  test('of another version says so', () => {
    expect(readEmbedCommand({ pixelcast: 2, type: 'hello' })).toBe('unsupported');
  });
});

test('events are read back; those of later versions are nothing, but for the refusal', () => {
  const event = { type: 'control' as const, standing: 'free' as const, place: null, drivers: [] };
  expect(readEmbedEvent(embedMessage(event))).toEqual(embedMessage(event));
  expect(readEmbedEvent({ pixelcast: 9, type: 'state' })).toBeNull();
  expect(readEmbedEvent({ pixelcast: 9, type: 'unsupported', versions: [9] })).not.toBeNull();
  expect(readEmbedEvent({ type: 'ready' })).toBeNull();
  expect(readEmbedEvent('ready')).toBeNull();
});

test('a page is embedded only in a frame, and offers control unless told otherwise', () => {
  expect(parseEmbedOptions('?embed=1', true)).toEqual({ embedded: true, control: true });
  expect(parseEmbedOptions('?embed=1&control=off', true)).toMatchObject({ control: false });
  expect(parseEmbedOptions('?embed=1', false).embedded).toBe(false);
  expect(parseEmbedOptions('', true).embedded).toBe(false);
});
