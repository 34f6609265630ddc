import { ENCODER_NAMES } from './media/encoding/encoders.ts';
import { DEFAULT_STRIPES_ENCODER, StripesEncoder } from './stripes/stripes-encoder.ts';

const STRIPES_ENCODERS = StripesEncoder.options;

/** What `--help` prints. */
export const USAGE = `PixelCast host-publisher: publishes what this machine shows, by WHIP.

  npm run host                       a rotating cube in room demo, beside "npm start"
  npm run host -- --source desktop   the desktop: of DISPLAY, or of a Wayland session
  npm run host -- --encoders         say which encoders work here

  --source        cube, test, desktop, window, file or camera   (cube)
  --file          file to play, picture and sound; --loop on|off  (on)
  --device        camera, as /dev/video0                        (the first one)
  --render        auto, software or gl, for the cube            (auto: gl by a graphics card)
  --cursor        viewers (their pages draw it), picture, none  (viewers)
  --control       on: viewers with the right may control the desktop, window or cube; off  (on)
  --keyboard-mode keysym: keys mean what they mean to who types; code: keys by place, for games
                                                                (keysym)
  --keyboard-layout  XKB layouts to set, as us or de(nodeadkeys),us   (as the display has it)
  --record        folder or file that what is published is also written to
  --window        title, part of it, or id of the window
  --display       X11 display, or portal: what a Wayland desktop's user shares
                                                  (portal in a Wayland session, else DISPLAY)
  --audio         tone (cube, test), monitor: what the machine plays (desktop, window),
                  file, microphone (camera), none
  --content       text keeps its sharpness on a narrow path, motion its frames
                                                  (text for desktop and window, else motion)
  --encoder       one of ${ENCODER_NAMES.slice(0, 4).join(', ')},
                  ${ENCODER_NAMES.slice(4).join(', ')}           (the first that works)
  --mode          auto: by WebRTC, and by WebSocket for who cannot have that; or some of webrtc,
                  websocket and direct (straight to clients), with commas between   (auto)
  --ws-encoder    of the WebSocket mode: ${STRIPES_ENCODERS.join(', ')}
                                                                (${DEFAULT_STRIPES_ENCODER})
  --ws-quality    of what moves in that mode, 1 to 100 as of JPEG, where the path bears it   (60)
  --publisher     native, whipclientsink or whipsink of GStreamer, or auto: one of GStreamer's
                  where it is built (npm run setup:whipsink) and starts   (auto)
  --gateway       address of the gateway                        (http://127.0.0.1:8080)
  --room          room to publish in                            (demo)
  --publish-as    name of the source in the room                (main)
  --token-file    file with the token; or CS_TOKEN, or --token, which others on this
                  machine can see. Beside "npm start" none is needed.
  --on-demand     on: publish only while somebody watches; off: always  (on)
  --clipboard     both, to-host, from-host or off               (both)
  --resize        whether a desktop takes the size of its controller's window: on, off, or auto:
                  where nobody sits in front of it (Xvfb, Xvnc)  (auto)
  --commands      JSON file of what whoever controls the keyboard may run: {"Name": ["program"]}
  --stats         print the time of the start and then figures every second, as JSON lines

  CS_WIDTH, CS_HEIGHT (1280, 720), CS_FPS (30), CS_BITRATE_KBPS (2500, the most), CS_CONTENT,
  CS_MODE, CS_DIRECT_CLIENTS (4, at one time), CS_WS_ENCODER, CS_WS_QUALITY, CS_PUBLISHER, CS_RENDER, CS_CURSOR, CS_CONTROL, CS_KEYBOARD_MODE, CS_KEYBOARD_LAYOUT,
  CS_CLIPBOARD, CS_RESIZE, CS_LARGEST (1920x1080, of a desktop that is resized), CS_COMMANDS, CS_RECORD, CS_ON_DEMAND,
  CS_ON_DEMAND_GRACE (10, seconds it goes on after the last viewer),
  CS_MEDIA_ADDRESS (host:port of the media server where it announces another),
  CS_STUN_SERVER (stun:host:port), CS_TURN_SERVER (turn:host:port), CS_TURN_USER, CS_TURN_PASS

  Gamepads need /dev/uinput; without it only the cube takes them.

  Exit codes: 0 stopped or played out, 2 wrong option or setting, 3 software is missing, 4 display,
  window, file or camera is missing, 5 the gateway refuses, 6 the room is busy, 7 ended by the gateway
  or by the user who shares, 8 no gateway there, 9 GStreamer fails.
`;
