# docker build -t baton . && docker run --env-file baton.env -p 127.0.0.1:8787:8787 -v baton:/data baton
FROM node:24-slim AS packages
WORKDIR /baton
COPY package.json package-lock.json ./
# No package needs a script to run: better-sqlite3 brings its binary along.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATABASE_PATH=/data/baton.db
WORKDIR /baton
COPY --from=packages /baton/node_modules node_modules
COPY package.json README.md ./
COPY bin bin
COPY flows flows
COPY src src
# The record belongs to the one user that runs: the folder 0700, its files 0600.
RUN mkdir -m 0700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 8787) + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# A stop may take 60 seconds: docker stop --time 60, or stop_grace_period in a compose file.
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=4", "bin/baton.js", "serve"]
