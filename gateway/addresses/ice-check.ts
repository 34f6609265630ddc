import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describeFailure, ProviderFailure } from '../ice/provider-failure.ts';
import { StunConnection } from '../ice/probe/stun-connection.ts';
import { METHOD, stunRequest, type StunRequest } from '../ice/probe/stun-message.ts';
import type { AddressProbeView } from '../protocol/addresses.ts';
import { writeEndpoint } from './announced-address.ts';

/** A browser repeats its checks for longer; who answers does so at once. */
const TIMEOUT_MS = 3_000;

/** RFC 8445 §16.1, RFC 8489 §14.7. */
const PRIORITY = 0x0024;
const ICE_CONTROLLING = 0x802a;
const USERNAME = 0x0006;
const FINGERPRINT = 0x8028;
const FINGERPRINT_XOR = 0x5354554e;

/** Who both sides are to ICE. */
export interface IceLogin {
  readonly localUfrag: string;
  readonly remoteUfrag: string;
  readonly remotePwd: string;
}

export interface IceTarget {
  readonly ip: string;
  readonly port: number;
}

/**
 * One connectivity check of ICE (RFC 8445 §7.2.2) from this machine, as a browser makes it; never
 * throws. An answer proves that the datagram reached the media server with that session.
 */
export async function iceCheck(
  { ip, port }: IceTarget,
  login: IceLogin,
  { now, closing }: { readonly now: () => number; readonly closing: AbortSignal },
): Promise<AddressProbeView> {
  const view = { address: writeEndpoint(ip, port), probedAt: now() };
  const begin = performance.now();
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]);
    const way = { kind: 'stun', host: ip, port, transport: 'udp' } as const;
    const connection = await StunConnection.open(way, signal);
    try {
      const answer = await connection.request(checkRequest(login), signal);
      if (!answer.isSuccess) {
        throw new ProviderFailure(`It answers with error ${answer.errorCode}.`);
      }
      const roundTripMs = Math.round((performance.now() - begin) * 10) / 10;
      return { ...view, reachable: true, roundTripMs, error: null };
    } finally {
      connection.close();
    }
  } catch (error) {
    return { ...view, reachable: false, roundTripMs: null, error: describeFailure(error) };
  }
}

function checkRequest({ localUfrag, remoteUfrag, remotePwd }: IceLogin): StunRequest {
  const priority = Buffer.alloc(4);
  // RFC 8445 §7.1.1: what a peer-reflexive candidate of this host would have.
  priority.writeUInt32BE(110 * 2 ** 24 + 65_535 * 2 ** 8 + 255);
  const request = stunRequest(
    METHOD.binding,
    [
      [USERNAME, Buffer.from(`${remoteUfrag}:${localUfrag}`)],
      [PRIORITY, priority],
      [ICE_CONTROLLING, randomBytes(8)],
    ],
    Buffer.from(remotePwd),
  );
  return { ...request, bytes: withFingerprint(request.bytes) };
}

function withFingerprint(bytes: Buffer): Buffer {
  const counted = Buffer.from(bytes);
  counted.writeUInt16BE(bytes.readUInt16BE(2) + 8, 2);
  const attribute = Buffer.alloc(8);
  attribute.writeUInt16BE(FINGERPRINT, 0);
  attribute.writeUInt16BE(4, 2);
  attribute.writeUInt32BE((crc32(counted) ^ FINGERPRINT_XOR) >>> 0, 4);
  return Buffer.concat([counted, attribute]);
}
