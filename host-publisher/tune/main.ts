import { hostEnvironment } from '../environment.ts';
import { EXIT_CODES, toHostError } from '../host-error.ts';
import { askHost, describeHost } from './host-resource.ts';
import { readTuneRequest } from './options.ts';

const USAGE = `PixelCast tune: what a running host publishes, seen and changed from anywhere.

  npm run tune                                       show the host of room demo
  npm run tune -- --bitrate 1500 --fps 15            fix these, whatever the network says
  npm run tune -- --size 640x360 --content text
  npm run tune -- --bitrate auto --size auto         leave them to the policy again

  --room, --source   which host                                (demo, main)
  --bitrate          kbit/s of the picture, 100 to 100000, or auto
  --fps              frames per second, 1 to 120, or auto
  --size             WIDTHxHEIGHT, even, or auto
  --content          text, motion or auto: what a narrow path takes last
  --gateway          address of the gateway                    (http://127.0.0.1:8080)
  --token-file       file with a token that has "host" or "admin" there; or CS_TOKEN, or --token.
                     Beside "npm start" none is needed.

  What is not named stays as it is. More than the host publishes at most is refused.

  Exit codes: 0 done, 2 wrong option, 5 refused by gateway or host, 8 no gateway there,
  10 the gateway or the host does not answer.
`;

/** The process: options, one request, exit code. */
try {
  const request = readTuneRequest(process.argv.slice(2), hostEnvironment());
  process.stdout.write(
    request === null ? USAGE : describeHost(await askHost(request.address, request.tuning)),
  );
} catch (error) {
  const failure = toHostError(error, 'gateway');
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = EXIT_CODES[failure.code];
}
