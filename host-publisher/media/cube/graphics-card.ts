import { loadKoffi } from '../../koffi.ts';

type Pointer = bigint;

const EGL_EXTENSIONS = 0x3055;
const MOST_DEVICES = 16;

/** Whether EGL knows a device that is no software renderer; false where there is no EGL. */
export function hasGraphicsCard(): boolean {
  try {
    return deviceExtensions().some((extensions) => !extensions.includes('software'));
  } catch {
    return false;
  }
}

function deviceExtensions(): string[] {
  const koffi = loadKoffi();
  const address = koffi.load('libEGL.so.1').func('void *eglGetProcAddress(const char *)');
  const queryDevices = address('eglQueryDevicesEXT') as Pointer | null;
  const queryString = address('eglQueryDeviceStringEXT') as Pointer | null;
  if (queryDevices === null || queryString === null) return [];
  const QueryDevices = koffi.proto('int QueryDevices(int most, void **devices, _Out_ int *count)');
  const QueryString = koffi.proto('const char *QueryString(void *device, int name)');
  const devices = koffi.alloc('void *', MOST_DEVICES) as Pointer;
  const count = [0];
  if (koffi.call(queryDevices, QueryDevices, MOST_DEVICES, devices, count) === 0) return [];
  return Array.from({ length: count[0] ?? 0 }, (_, index) => {
    const device = koffi.decode(devices, index * koffi.sizeof('void *'), 'void *') as Pointer;
    return (koffi.call(queryString, QueryString, device, EGL_EXTENSIONS) as string | null) ?? '';
  });
}
