import { hmacKey } from './auth/keys.ts';
import { Tokens } from './auth/tokens.ts';
import { loadConfig } from './config/load.ts';
import { FIRST_ROOM, createLinks, describeLinks } from './links.ts';
import { localUrl } from './local-url.ts';
import { RoomId } from './protocol/ids.ts';

/** `npm run links [room]`: links for a room, good for a day, signed with this installation's key. */
try {
  const config = loadConfig();
  const room = RoomId.parse(process.argv[2] ?? FIRST_ROOM, {
    error: () => 'A room name has 1 to 64 letters, digits, "-" or "_".',
  });
  const baseUrl = config.PUBLIC_URL ?? localUrl(config, config.PORT);
  const tokens = new Tokens(hmacKey(config.JWT_SECRET.reveal()));
  process.stdout.write(describeLinks(createLinks(tokens, baseUrl, room, Date.now())));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
