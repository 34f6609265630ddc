import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RememberedEncoder } from '../../../host-publisher/media/encoding/remembered-encoder.ts';
import { aPlan } from '../../support/host/a-plan.ts';

const aPlace = (): { folder: string; registry: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'remembered-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const registry = join(folder, 'registry.bin');
  writeFileSync(registry, 'plugins');
  return { folder: join(folder, 'cache'), registry };
};

describe('the encoder that worked the last time', () => {
  it('is there for the same picture, once until it has worked again', () => {
    const place = aPlace();
    new RememberedEncoder(aPlan(), place).keep('x264enc');
    expect(new RememberedEncoder(aPlan(), place).take()).toBe('x264enc');
    expect(new RememberedEncoder(aPlan(), place).take()).toBeNull();
  });

  it.each([
    ['picture', aPlan({ picture: { width: 640, height: 360, fps: 15, bitrateKbps: 500 } })],
    ['choice', aPlan({ encoder: 'vp8enc' })],
    ['exclusion', aPlan({ excludedEncoders: ['openh264enc'] })],
  ])('is none of another %s', (_, other) => {
    const place = aPlace();
    new RememberedEncoder(aPlan(), place).keep('x264enc');
    expect(new RememberedEncoder(other, place).take()).toBeNull();
    expect(new RememberedEncoder(aPlan(), place).take()).toBe('x264enc');
  });

  it('is forgotten when GStreamer has other plugins', () => {
    const place = aPlace();
    new RememberedEncoder(aPlan(), place).keep('x264enc');
    utimesSync(place.registry, 1, 1);
    expect(new RememberedEncoder(aPlan(), place).take()).toBeNull();
  });

  it('is unknown without a list of plugins, with a spoilt file and where nothing can be written', () => {
    const { folder, registry } = aPlace();
    const nowhere = new RememberedEncoder(aPlan(), { folder, registry: '/nowhere/registry.bin' });
    nowhere.keep('x264enc');
    expect(nowhere.take()).toBeNull();

    const place = { folder, registry };
    new RememberedEncoder(aPlan(), place).keep('x264enc');
    for (const text of ['', 'null', '[]', '{"a":{}}', '{']) {
      writeFileSync(join(folder, 'encoders.json'), text);
      expect(new RememberedEncoder(aPlan(), place).take()).toBeNull();
    }

    const unwritable = new RememberedEncoder(aPlan(), { folder: '/proc/nothing', registry });
    unwritable.keep('x264enc');
    expect(unwritable.take()).toBeNull();
  });
});
