import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { isLoopback } from '../../config/loopback.ts';
import type { Config } from '../../config/load.ts';
import { checkAudit } from './check-audit.ts';
import { checkDisks } from './check-disks.ts';
import { failed, ok, warning, type Check } from './check.ts';

const DAY_MS = 24 * 3600 * 1000;
/** A renewal is overdue by then. */
const CERTIFICATE_DAYS = 14;

/** What the settings name on this machine: folder, disks, audit log, certificate. */
export async function checkMachine(config: Config, now: number): Promise<readonly Check[]> {
  const disks = await checkDisks(config);
  return [checkFolder(config), ...disks, ...checkAudit(config), checkTls(config, now)];
}

function checkFolder({ DATA_DIR: folder }: Config): Check {
  const name = 'data folder';
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return failed(name, `${folder} cannot be read and written by this user.`);
  }
  const secret = join(folder, 'jwt-secret');
  if (existsSync(secret) && (statSync(secret).mode & 0o077) !== 0) {
    return failed(name, `${secret} can be read by others: chmod 600 it, and make a new one.`);
  }
  return ok(name, `${folder} can be written, its key is private.`);
}

/** The certificate in the files, or why pages may capture nothing. */
export function checkTls({ tls, PUBLIC_URL: url }: Config, now: number): Check {
  const name = 'TLS';
  const host = url === undefined ? undefined : new URL(url).hostname;
  if (tls === undefined) {
    if (url === undefined || url.startsWith('https:') || isLoopback(host ?? '')) {
      const how = url === undefined ? 'none; this machine alone needs none' : 'by a proxy';
      return ok(name, `${how}.`);
    }
    return warning(name, `${url} is not https: browsers there share no screen and no camera.`);
  }
  const certificate = new X509Certificate(tls.certificate.cert);
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  if (days < 0) return failed(name, `${tls.files.certFile} ran out on ${certificate.validTo}.`);
  if (Date.parse(certificate.validFrom) > now) {
    return failed(name, `${tls.files.certFile} begins on ${certificate.validFrom}: see the clock.`);
  }
  if (host !== undefined && certificate.checkHost(host) === undefined) {
    return failed(name, `${tls.files.certFile} is not for ${host}.`);
  }
  if (days < CERTIFICATE_DAYS) return warning(name, `${tls.files.certFile} has ${days} days left.`);
  return ok(name, `${tls.files.certFile} is good for ${days} days.`);
}
