import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Certificate chain and private key in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** @throws Error with a sentence when a file cannot be read, or the key is not the certificate's. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const certificate = { cert: read(certFile), key: read(keyFile) };
  try {
    createSecureContext(certificate);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the certificate "${certFile}" and key "${keyFile}" do not fit (${why})`, {
      cause,
    });
  }
  return certificate;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the file "${file}" cannot be read`, { cause });
  }
}
