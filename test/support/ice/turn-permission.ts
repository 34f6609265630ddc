import { createHash } from 'node:crypto';
import type { Login } from '../../../gateway/ice/probe/probe.ts';
import { StunConnection } from '../../../gateway/ice/probe/stun-connection.ts';
import {
  ATTRIBUTE,
  METHOD,
  stunRequest,
  type StunAttributes,
} from '../../../gateway/ice/probe/stun-message.ts';

const CREATE_PERMISSION = 0x0008;
const XOR_PEER_ADDRESS = 0x0012;
const COOKIE = [0x21, 0x12, 0xa4, 0x42];

/** Whether a TURN server on loopback would relay to a peer (IPv4), or its error code. */
export async function permission(
  port: number,
  login: Login,
  peer: string,
): Promise<'granted' | number> {
  const signal = AbortSignal.timeout(10_000);
  const address = { kind: 'turn', host: '127.0.0.1', port, transport: 'udp' } as const;
  const connection = await StunConnection.open(address, signal);
  try {
    const wish: StunAttributes = [[ATTRIBUTE.requestedTransport, Buffer.from([17, 0, 0, 0])]];
    const asked = await connection.request(stunRequest(METHOD.allocate, wish), signal);
    const realm = asked.get(ATTRIBUTE.realm) ?? Buffer.alloc(0);
    const text = `${login.username}:${realm.toString()}:${login.credential}`;
    const key = createHash('md5').update(text).digest();
    const proof: StunAttributes = [
      [ATTRIBUTE.username, Buffer.from(login.username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, asked.get(ATTRIBUTE.nonce) ?? Buffer.alloc(0)],
    ];
    const allocate = stunRequest(METHOD.allocate, [...wish, ...proof], key);
    const allocated = await connection.request(allocate, signal);
    if (!allocated.isSuccess) return allocated.errorCode;
    const bytes = peer.split('.').map((part, index) => Number(part) ^ (COOKIE[index] ?? 0));
    const target = Buffer.from([0, 1, 0x21, 0x13, ...bytes]);
    const permit = stunRequest(CREATE_PERMISSION, [[XOR_PEER_ADDRESS, target], ...proof], key);
    const answer = await connection.request(permit, signal);
    return answer.isSuccess ? 'granted' : answer.errorCode;
  } finally {
    connection.close();
  }
}
