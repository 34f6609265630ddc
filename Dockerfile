# The gateway with its pages; without SRS_NODES it runs the embedded engine. See docs/docker.md.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: ours build pages that are not here yet, and no package needs one.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY gateway ./gateway
COPY web ./web
# Afterwards what runs is all that stays: no tools, and no second Node beside the image's own.
RUN npm run build \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/.cache

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="PixelCast gateway" \
      org.opencontainers.image.licenses="MIT"
# The folder exists with its owner so that a new volume takes them over.
RUN install -d -o 1000 -g 1000 -m 700 /data /data/node /data/host /data/turn /dvr
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY package.json ./
COPY gateway ./gateway
COPY native ./native
COPY srs/embedded ./srs/embedded
COPY --from=build /app/web/dist ./web/dist
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PLAIN_HTTP=private \
    DATA_DIR=/data \
    npm_config_cache=/tmp/npm \
    npm_config_logs_max=0 \
    npm_config_update_notifier=false
USER 1000:1000
EXPOSE 8080 8000/udp 8001/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const {PORT, TLS_CERT_FILE} = process.env; require(TLS_CERT_FILE ? 'https' : 'http').get({host: '127.0.0.1', port: PORT || 8080, path: '/healthz', rejectUnauthorized: false}, (res) => process.exit(res.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "gateway/main.ts"]
