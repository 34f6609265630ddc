import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { TargetRule } from '../../../../gateway/webhooks/target-rule.ts';

const check = (url: string, allowed: readonly string[] = []): void =>
  new TargetRule(allowed).check(new URL(url));

const lookUp = (name: string, url: string, allowed: readonly string[]) =>
  new Promise<string | LookupAddress[]>((resolve, reject) => {
    new TargetRule(allowed).lookupFor(new URL(url))(name, { all: true }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });

describe('[WEBHOOK-10] webhooks go to public addresses by https alone', () => {
  test.each([
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.0.0.1/'],
    ...['https://017700000001/', 'https://0.0.0.0/', 'https://[::1]/', 'https://[::]/'],
    ...['https://10.0.0.1/', 'https://172.16.5.4/', 'https://192.168.1.1/', 'https://172.17.0.2/'],
    ...['https://169.254.169.254/latest/meta-data/', 'https://[fe80::1]/', 'https://100.64.0.1/'],
    ...['https://100.100.100.200/', 'https://168.63.129.16/', 'https://192.0.0.192/'],
    ...['https://[fd00:ec2::254]/', 'https://[fc00::1]/', 'https://[::ffff:127.0.0.1]/'],
    ...['https://[::ffff:7f00:1]/', 'https://[::ffff:a9fe:a9fe]/', 'https://[::127.0.0.1]/'],
    ...['https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://[2001:0:7f00:1::]/'],
    ...['https://224.0.0.1/', 'https://255.255.255.255/', 'https://[ff02::1]/'],
    ...['https://198.18.0.1/', 'https://192.0.2.1/', 'https://[2001:db8::1]/'],
    ...['http://93.184.216.34/', 'https://93.184.216.34:22/', 'https://93.184.216.34:25/'],
    ...['https://u@93.184.216.34/', 'https://:p@93.184.216.34/'],
    ...['https://u:p@93.184.216.34/', 'ftp://93.184.216.34/', 'file:///etc/passwd'],
  ])('%s is refused', (url) => {
    expect(() => check(url)).toThrow(/^The URL /);
  });

  test.each([
    ...['https://93.184.216.34/', 'https://93.184.216.34:8443/x?y', 'https://example.com/'],
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
  ])('%s is not', (url) => {
    expect(() => check(url)).not.toThrow();
  });

  test.each([
    ['http://127.0.0.1:80/', ['127.0.0.0/8']],
    ['http://10.1.2.3:22/', ['10.0.0.0/8']],
    ['http://[::1]:8080/', ['::1']],
    ['https://[::ffff:127.0.0.1]/', ['127.0.0.1']],
    ['http://169.254.169.254/', ['*']],
  ])('%s is not where %j is allowed', (url, allowed) => {
    expect(() => check(url, allowed)).not.toThrow();
    expect(() => check(url.replace(/[\d.]+(?=[:/\]])/, '10.9.9.9'), ['192.0.2.1'])).toThrow();
  });

  test('a name is held to the same once its addresses are known', async () => {
    const url = 'https://localhost/';
    expect(() => check(url)).not.toThrow();
    await expect(lookUp('localhost', url, [])).rejects.toThrow(/no public address/);
    const found = await lookUp('localhost', url, ['127.0.0.1']);
    expect(found).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
