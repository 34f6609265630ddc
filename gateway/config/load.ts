import { readFileSync } from 'node:fs';
import { accountProblems } from './account-settings.ts';
import { clusterProblems } from './cluster-settings.ts';
import { dockerOf, dockerProblems, type DockerSettings } from './docker-settings.ts';
import { isLoopback } from './loopback.ts';
import { iceProblems } from './ice-settings.ts';
import { settingsInForce, type SettingInForce } from './in-force.ts';
import { nodeProblems, nodesOf, type NodeSettings } from './node-settings.ts';
import { Settings } from './schema.ts';
import type { Secret } from './secret.ts';
import { keepSecret, SECRET_FILES } from './secret-store.ts';
import { readCertificate, type Certificate, type CertificateFiles } from '../tls/certificate.ts';

/** Where the certificate is, and what was in the files at the start. */
export interface Tls {
  readonly files: CertificateFiles;
  readonly certificate: Certificate;
}

/** All settings, checked, with secrets in place; frozen and handed on in slices. */
export interface Config extends Omit<
  Settings,
  | 'JWT_SECRET'
  | 'HOOK_SECRET'
  | 'TURN_SECRET'
  | 'SRS_NODES'
  | 'PRINT_LINKS'
  | 'TLS_CERT_FILE'
  | 'TLS_KEY_FILE'
> {
  readonly JWT_SECRET: Secret;
  readonly HOOK_SECRET: Secret;
  readonly PRINT_LINKS: boolean;
  readonly publicKeys: readonly string[];
  readonly tls: Tls | undefined;
  /** Undefined: containers are not looked after. */
  readonly docker: DockerSettings | undefined;
  /** Empty: the embedded engine is to be started. */
  readonly nodes: readonly NodeSettings[];
  /** Basic-auth password for nodes that have none in their URL. */
  readonly nodePassword: Secret;
  /** Shared with the servers of `TURN_URLS`; absent where there are none. */
  readonly turnSecret: Secret | undefined;
  /** npm passes a SIGTERM to the shell between us and itself, and to nobody else. */
  readonly startedByNpm: boolean;
  /** All of them, fit to be shown. */
  readonly inForce: readonly SettingInForce[];
}

/** All that is wrong with the environment, one sentence for each variable. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n  - ${problems.join('\n  - ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings, creating missing secrets in `DATA_DIR` (files of mode 0600).
 * @throws ConfigError naming every problem at once; values of secrets are never in it.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Settings.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`),
    );
  }
  return complete(parsed.data, present);
}

function complete(settings: Settings, present: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const read = (name: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      problems.push(`${name}: the file "${file}" cannot be read`);
      return '';
    }
  };
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ...rest } = settings;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    problems.push('TLS_CERT_FILE: goes together with TLS_KEY_FILE');
  }
  const publicKeys = settings.JWT_PUBLIC_KEY_FILES.map((file) =>
    read('JWT_PUBLIC_KEY_FILES', file),
  );
  const tls =
    certFile !== undefined && keyFile !== undefined
      ? readTls({ certFile, keyFile }, problems)
      : undefined;
  if (settings.HTTP_REDIRECT_PORT !== undefined && certFile === undefined) {
    problems.push('HTTP_REDIRECT_PORT: needs TLS_CERT_FILE and TLS_KEY_FILE');
  }
  if (settings.CORS_ORIGINS.length > 1 && settings.CORS_ORIGINS.includes('*')) {
    problems.push('CORS_ORIGINS: "*" stands alone');
  }
  problems.push(...iceProblems(settings), ...accountProblems(settings));
  problems.push(...nodeProblems(settings), ...clusterProblems(settings));
  problems.push(...dockerProblems(settings));
  const docker = dockerOf(settings, read);
  if (problems.length > 0) throw new ConfigError(problems);

  const kept = (given: Secret | undefined, file: string): Secret =>
    given ?? keepSecretOrFail(settings.DATA_DIR, file);
  const nodePassword = kept(settings.SRS_API_PASSWORD, SECRET_FILES.nodePassword);
  return Object.freeze({
    ...rest,
    JWT_SECRET: kept(settings.JWT_SECRET, SECRET_FILES.jwt),
    HOOK_SECRET: kept(settings.HOOK_SECRET, SECRET_FILES.hook),
    PRINT_LINKS: settings.PRINT_LINKS ?? isLoopback(settings.HOST),
    publicKeys,
    tls,
    docker,
    nodes: nodesOf(settings, nodePassword),
    nodePassword,
    turnSecret:
      settings.TURN_URLS.length === 0 ? undefined : kept(settings.TURN_SECRET, 'turn/turn-secret'),
    startedByNpm: present['npm_lifecycle_event'] !== undefined,
    inForce: settingsInForce(settings, present),
  });
}

function readTls(files: CertificateFiles, problems: string[]): Tls | undefined {
  try {
    return { files, certificate: readCertificate(files) };
  } catch (error) {
    problems.push(`TLS_CERT_FILE, TLS_KEY_FILE: ${error instanceof Error ? error.message : ''}`);
    return undefined;
  }
}

function keepSecretOrFail(dataDir: string, file: string): Secret {
  try {
    return keepSecret(dataDir, file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([`DATA_DIR: the secret "${file}" cannot be kept there (${why})`]);
  }
}
