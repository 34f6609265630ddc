import { expect, test } from 'vitest';
import { readCommand, usage, UsageError } from '../../conformance/command-line.ts';

const URL_OF = 'http://127.0.0.1:8080/whip/demo';

test('one URL is enough', () => {
  const command = readCommand([URL_OF]);
  expect(command).toMatchObject({
    addresses: { urls: [URL_OF], whep: null, token: null, watchToken: null },
    json: null,
    withPolicy: false,
    media: true,
  });
});

test('flags may stand anywhere', () => {
  const args = ['--token', 't', URL_OF, '--whep', 'https://b/whep', '--watch-token', 'w'];
  expect(readCommand([...args, '--no-media', '--policy', '--json', 'a.json'])).toMatchObject({
    addresses: { urls: [URL_OF], whep: 'https://b/whep', token: 't', watchToken: 'w' },
    json: 'a.json',
    withPolicy: true,
    media: false,
  });
});

test('--help asks for the help, which names every flag', () => {
  expect(readCommand(['--help'])).toBeNull();
  for (const flag of ['whep', 'token', 'watch-token', 'json', 'only', 'policy', 'no-media']) {
    expect(usage()).toContain(`--${flag}`);
  }
});

test('--only takes families, ids and prefixes', () => {
  const idsOf = (only: string) => readCommand([URL_OF, '--only', only])?.rules.map(({ id }) => id);
  expect(idsOf('WHIP-41')).toEqual(['WHIP-41']);
  expect(idsOf('layer')).toEqual(['LAYER-01', 'LAYER-02', 'LAYER-03', 'LAYER-04']);
  expect(idsOf('CORS-0*,WHIP-01')).toHaveLength(10);
});

test.each([
  ['no URL', []],
  ['three URLs', [URL_OF, URL_OF, URL_OF]],
  ['no HTTP', ['ftp://host/whip']],
  ['no URL at all', ['demo']],
  ['an unknown flag', [URL_OF, '--tokn', 't']],
  ['a flag without its value', [URL_OF, '--token']],
  ['an unknown rule', [URL_OF, '--only', 'WHIP-99']],
  ['a pace that is none', [URL_OF, '--pace', 'fast']],
])('%s is wrong usage', (_, args) => {
  expect(() => readCommand(args)).toThrow(UsageError);
});
