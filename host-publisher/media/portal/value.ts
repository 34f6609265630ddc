import type { Pointer } from '../gstreamer/native.ts';
import type { GDBus } from './gdbus.ts';

/** What came by D-Bus; null: of a type that nothing here reads. */
export type Value = string | number | null | readonly Value[] | Fields;
export interface Fields {
  readonly [key: string]: Value;
}

/** Copies a GVariant, which stays its owner's. A dictionary becomes an object, a tuple a list. */
export function readValue(gdbus: GDBus, value: Pointer): Value {
  const type = gdbus.typeOf(value);
  switch (type[0]) {
    case 's':
    case 'o':
      return gdbus.text(value, null);
    case 'u':
      return gdbus.uint32(value);
    case 'h':
      return gdbus.handle(value);
    case 'v':
      return readChildren(gdbus, value)[0] ?? null;
    case '(':
    case '{':
      return readChildren(gdbus, value);
    case 'a': {
      const children = readChildren(gdbus, value);
      return type.startsWith('a{s') ? Object.fromEntries(children as [string, Value][]) : children;
    }
    default:
      return null;
  }
}

/** The fields of a dictionary; of anything else, none. */
export function fieldsOf(value: Value | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The items of a list; of anything else, none. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

function readChildren(gdbus: GDBus, value: Pointer): Value[] {
  return Array.from({ length: Number(gdbus.count(value)) }, (_, index) => {
    const child = gdbus.child(value, index);
    try {
      return readValue(gdbus, child);
    } finally {
      gdbus.release(child);
    }
  });
}
