import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from '../observability/logger.ts';
import { readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';

/** How often the files are looked at; a look costs two stat calls and works on any file system. */
const LOOK_EVERY_MS = 1_000;
/** Certificate and key are replaced one after the other. */
const SETTLE_MS = 500;

/** Hands out the certificate anew whenever its files change and fit together. */
export class CertificateWatch {
  readonly #files: CertificateFiles;
  readonly #log: Logger;
  readonly #use: (certificate: Certificate) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: {
    files: CertificateFiles;
    log: Logger;
    use: (certificate: Certificate) => void;
  }) {
    this.#files = deps.files;
    this.#log = deps.log;
    this.#use = deps.use;
  }

  start(): void {
    const options = { interval: LOOK_EVERY_MS, persistent: false };
    for (const file of this.#paths) watchFile(file, options, this.#onChange);
  }

  /** Reads the files now; what does not fit together is logged, and the old pair stays. */
  reload(): void {
    try {
      const certificate = readCertificate(this.#files);
      this.#use(certificate);
      const { validTo, subjectAltName } = new X509Certificate(certificate.cert);
      this.#log.info({ validTo, names: subjectAltName }, 'certificate loaded');
    } catch (err) {
      this.#log.error({ err }, 'certificate not usable, the old one stays');
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const file of this.#paths) unwatchFile(file, this.#onChange);
  }

  get #paths(): readonly string[] {
    return [this.#files.certFile, this.#files.keyFile];
  }

  readonly #onChange = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.reload(), SETTLE_MS);
  };
}
