/** The architecture, executable: who may import whom (docs/architecture.md). */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circular', 'A cycle has no direction to read in.', {}, { circular: true }),
    rule(
      'rooms-are-inner',
      'The middle knows no transport, no library of one, and no configuration.',
      { path: '^gateway/(rooms|sdp)/' },
      {
        path: '^gateway/(http|ws|media/.+/|config)|node_modules/(@types/)?(express|ws|undici|helmet|jsonwebtoken)/',
      },
    ),
    rule(
      'stripes-are-inner',
      'The fan-out of media knows no transport, no library of one, and no configuration.',
      { path: '^gateway/stripes/' },
      { path: '^gateway/(http|ws|media|config|observability)/|node_modules/' },
    ),
    rule(
      'protocol-is-a-leaf',
      'What all sides share imports zod and itself.',
      { path: '^gateway/protocol/' },
      { path: '.', pathNot: '^gateway/protocol/|node_modules/zod/' },
    ),
    rule(
      'only-protocol-is-shared',
      'Pages and hosts see the protocol, never the gateway behind it.',
      { path: '^(web|host-publisher)/' },
      { path: '^(gateway/(?!protocol/)|srs/|test/)' },
    ),
    rule(
      'engine-is-a-stranger',
      'The embedded engine is another server of the SRS contract.',
      { path: '^srs/embedded/' },
      { path: '^(gateway|host-publisher|web|test)/' },
    ),
    rule(
      'nobody-imports-the-engine',
      'The engine is started by path, as a process.',
      { path: '^(gateway|host-publisher|web)/' },
      { path: '^srs/' },
    ),
    rule(
      'native-is-a-leaf',
      'What processes with native code share knows none of them.',
      { path: '^native/' },
      { path: '^(gateway|srs|host-publisher|web|test)/' },
    ),
    rule(
      'product-does-not-import-tests',
      'Tests look in, nothing looks out.',
      { path: '^(gateway|host-publisher|web|srs|native)/' },
      { path: '^test/' },
    ),
    rule(
      'jwt-lives-in-auth',
      'One library, one home.',
      { pathNot: '^(gateway/auth|test)/' },
      { path: 'node_modules/(@types/)?jsonwebtoken/' },
    ),
    rule(
      'undici-lives-in-media',
      'One library, one home.',
      { path: '^gateway/', pathNot: '^gateway/media/srs/' },
      { path: 'node_modules/undici/' },
    ),
    rule(
      'dockerode-lives-in-docker',
      'One library, one home.',
      { path: '^(gateway|srs|host-publisher|web)/', pathNot: '^gateway/docker/' },
      { path: 'node_modules/(@types/)?docker(ode|-modem)/' },
    ),
    rule(
      'sdp-transform-lives-in-sdp',
      'One library, one home.',
      { path: '^gateway/', pathNot: '^gateway/sdp/' },
      { path: 'node_modules/(@types/)?sdp-transform/' },
    ),
    rule(
      'express-lives-in-http',
      'One library, one home.',
      { path: '^gateway/', pathNot: '^gateway/http/' },
      { path: 'node_modules/(express|helmet|rate-limiter-flexible)/' },
    ),
    rule(
      'ws-lives-in-ws',
      'One library, one home.',
      { path: '^gateway/', pathNot: '^gateway/ws/' },
      { path: 'node_modules/(@types/)?ws/' },
    ),
    rule(
      'opentelemetry-lives-in-tracing',
      'One library, one home, loaded on demand.',
      { path: '^gateway/', pathNot: '^gateway/tracing/(otel-tracer|reporting-exporter)' },
      { path: 'node_modules/@opentelemetry/' },
    ),
    rule(
      'native-code-lives-in-children',
      'A native fault may end a child alone.',
      {
        path: '^(gateway/(?!input-channel/(child|peer)|carriage/(child|leg-peer))|web/)|^host-publisher/(?!publish/(peer|library-servers)|direct/client-peer)',
      },
      { path: 'node_modules/node-datachannel/|^native/(library|negotiation)' },
    ),
    rule(
      'gstreamer-lives-in-the-media-child',
      'A native fault may end the media child alone.',
      { path: '^host-publisher/(?!media/|publish/|stripes/)' },
      {
        path: '^host-publisher/media/(gstreamer|sources|portal|sound|file|cube|recording|publication|child-main)|^host-publisher/stripes/(?!stripes(-encoder)?\\.ts)',
      },
    ),
    rule(
      'ffi-lives-in-the-media-child',
      'One library, one home; the agent asks the kernel alone, for gamepads.',
      {
        pathNot:
          '^host-publisher/(koffi|gamepad/uinput-device|media/(gstreamer/|cube/graphics-card|portal/gdbus|sources/x11))|^test/',
      },
      { path: 'node_modules/koffi/|^host-publisher/koffi' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/dist' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
