import { describe, expect, it } from 'vitest';
import { HostError } from '../../../host-publisher/host-error.ts';
import { readTuneRequest } from '../../../host-publisher/tune/options.ts';

const ENV = { CS_TOKEN: 'a.b.c' };
const failure = (argv: readonly string[]): HostError => {
  try {
    readTuneRequest(argv, ENV);
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('npm run tune', () => {
  it('changes nothing unless it is told to', () => {
    const request = readTuneRequest([], ENV);
    expect(request?.tuning).toEqual({});
    expect(request?.address.hostUrl).toBe('http://127.0.0.1:8080/api/v1/rooms/demo/hosts/main');
    expect(request?.address.token()).toBe('a.b.c');
  });

  it('names a host elsewhere', () => {
    const argv = ['--room', 'r1', '--source', 'host', '--gateway', 'https://cast.example.org/base'];
    expect(readTuneRequest(argv, ENV)?.address.hostUrl).toBe(
      'https://cast.example.org/base/api/v1/rooms/r1/hosts/host',
    );
  });

  it('fixes what is named', () => {
    const argv = ['--bitrate', '1500', '--fps', '15', '--size', '640x360', '--content', 'text'];
    expect(readTuneRequest(argv, ENV)?.tuning).toEqual({
      bitrateKbps: 1500,
      fps: 15,
      size: { width: 640, height: 360 },
      content: 'text',
    });
  });

  it('releases what is auto', () => {
    const argv = ['--bitrate', 'auto', '--fps', 'auto', '--size', 'auto', '--content', 'auto'];
    expect(readTuneRequest(argv, ENV)?.tuning).toEqual({
      bitrateKbps: null,
      fps: null,
      size: null,
      content: null,
    });
  });

  it.each([
    [['--bitrate', '50'], /^--bitrate must be 100 to 100000 /],
    [['--bitrate', '1e3'], /^--bitrate must be 100 to 100000 /],
    [['--fps', '0'], '--fps must be 1 to 120 or auto.'],
    [['--size', '641x360'], /^--size must be WIDTHxHEIGHT/],
    [['--size', '640'], /^--size must be WIDTHxHEIGHT/],
    [['--size', '99999x2'], /^--size must be WIDTHxHEIGHT/],
    [['--content', 'film'], '--content must be text, motion or auto.'],
    [['--source', 'a b'], /^--source must be/],
    [['--bitrat', '1'], /--bitrat/],
  ])('%j is one sentence', (argv, sentence) => {
    const { code, message } = failure(argv);
    expect(code).toBe('usage');
    expect(message).toMatch(sentence);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('explains itself without a token', () => {
    expect(readTuneRequest(['--help'], {})).toBeNull();
  });
});
