import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aFolder } from '../gateway/start-gateway.ts';

export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
}

/** Whether certificates can be made here: `apt-get install openssl`. */
export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).error === undefined;

/** A certificate for 127.0.0.1 and `localhost`, or other names, in files of its own, good for a day. */
export function makeCertificate(
  name = 'localhost',
  names = 'IP:127.0.0.1,DNS:localhost',
): CertificatePaths {
  const folder = aFolder();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const out = ['-nodes', '-days', '1', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...kind, ...subject, ...out], { stdio: 'pipe' });
  return { cert, key };
}
