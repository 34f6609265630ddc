import type { Client } from 'x11';
import { KeyMap, type Key, type KeyType } from './key-map.ts';

const CORE_KEYBOARD = 0x100;
const GET_MAP = 8;
/** Key types, keysyms and the modifier map. */
const PARTS = 1 | 2 | 4;

/** Reads what all keys of a display mean (XkbGetMap). */
export function readKeyMap(client: Client, xkbOpcode: number): Promise<KeyMap> {
  const request = Buffer.alloc(28);
  request[0] = xkbOpcode;
  request[1] = GET_MAP;
  request.writeUInt16LE(request.length / 4, 2);
  request.writeUInt16LE(CORE_KEYBOARD, 4);
  request.writeUInt16LE(PARTS, 6);
  return new Promise((resolve, reject) => {
    client.seq_num += 1;
    client.replies[client.seq_num] = [
      parseKeyMap,
      (error, map) => {
        if (error == null) resolve(map as KeyMap);
        else reject(error);
        return true;
      },
    ];
    client.pack_stream.put(request);
    client.pack_stream.submit(true);
  });
}

/** The reply without its first 8 bytes. */
export function parseKeyMap(reply: Buffer): KeyMap {
  const u8 = (at: number): number => reply.readUInt8(at);
  const [typeCount, firstKey, keyCount] = [u8(7), u8(9), u8(12)];
  const modifierCount = u8(25);
  const types: KeyType[] = [];
  let at = 32;
  for (let index = 0; index < typeCount; index += 1) {
    const [mask, entryCount, preserves] = [u8(at), u8(at + 5), u8(at + 6)];
    at += 8;
    const entries = Array.from({ length: entryCount }, (_, entry) => {
      const start = at + entry * 8;
      return { active: u8(start) !== 0, mods: u8(start + 1), level: u8(start + 2) };
    });
    at += entryCount * (preserves === 0 ? 8 : 12);
    types.push({ mask, entries: entries.filter(({ active }) => active) });
  }
  const keys = new Map<number, Key>();
  for (let index = 0; index < keyCount; index += 1) {
    const [info, width, symbolCount] = [u8(at + 4), u8(at + 5), reply.readUInt16LE(at + 6)];
    const start = at + 8;
    const groups = Array.from({ length: info & 15 }, (_, group) => ({
      type: types[u8(at + group)] ?? { mask: 0, entries: [] },
      keysyms: Array.from({ length: width }, (__, level) =>
        reply.readUInt32LE(start + 4 * (group * width + level)),
      ),
    }));
    keys.set(firstKey + index, { groups, outOfRange: info, modifiers: 0 });
    at = start + 4 * symbolCount;
  }
  for (let index = 0; index < modifierCount; index += 1) {
    const [keycode, modifiers] = [u8(at + 2 * index), u8(at + 2 * index + 1)];
    const key = keys.get(keycode);
    if (key !== undefined) keys.set(keycode, { ...key, modifiers });
  }
  return new KeyMap(keys);
}
