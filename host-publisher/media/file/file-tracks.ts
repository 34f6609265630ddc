import { access, constants, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { HostError } from '../../host-error.ts';
import { loadDiscoverer, type Discovery } from '../gstreamer/discoverer.ts';
import { decoderPackageOf } from '../gstreamer/elements.ts';

/** What a file has that can be published. */
export interface FileTracks {
  readonly uri: string;
  /** `still`: a single image. */
  readonly picture: 'moving' | 'still';
  readonly sound: boolean;
  /** Null where the format does not tell. */
  readonly durationNs: bigint | null;
}

const missing = (message: string): HostError => new HostError('source-missing', message);

/** Opens a file and its decoders; fails with one sentence about what is wrong with it. */
export async function findTracks(path: string): Promise<FileTracks> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw missing(`The file ${path} is not there.`);
  if (!found.isFile()) throw missing(`${path} is no file.`);
  await access(path, constants.R_OK).catch(() => {
    throw missing(`The file ${path} may not be read.`);
  });
  const uri = pathToFileURL(path).href;
  const discovery = await loadDiscoverer()(uri);
  refuse(path, discovery);
  return {
    uri,
    picture: discovery.isImage ? 'still' : 'moving',
    sound: discovery.sounds > 0,
    durationNs: discovery.durationNs,
  };
}

function refuse(path: string, { result, words, missingDecoders, pictures }: Discovery): void {
  if (missingDecoders.length > 0) {
    const names = missingDecoders.map(({ description }) => description).join(', ');
    const packages = new Set(missingDecoders.map(({ caps }) => decoderPackageOf(caps)));
    throw new HostError(
      'software-missing',
      `GStreamer lacks what ${path} needs: ${names}. ` +
        `On Debian: apt-get install ${[...packages].join(' ')}`,
    );
  }
  if (result !== 'ok') throw missing(`The file ${path} cannot be played: ${words}`);
  if (pictures === 0) throw missing(`The file ${path} has no picture.`);
}
