# A node of the hub. Three stages: the program, what it needs from npm, and an image of only these two.
FROM node:20.19-bookworm AS program
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
COPY client-sdk/package.json client-sdk/
COPY console/package.json console/
RUN npm ci --include=dev --ignore-scripts
RUN npm rebuild better-sqlite3
COPY . .
RUN npm run build

# The consoles and the client are built by now: only the server's own dependencies, SQLite's driver compiled here.
FROM node:20.19-bookworm AS packages
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --workspaces=false --ignore-scripts
RUN npm_config_build_from_source=true npm rebuild better-sqlite3

FROM node:20.19-bookworm-slim
ENV NODE_ENV=production
WORKDIR /hub
COPY --from=packages /hub/node_modules node_modules
COPY --from=program /hub/package.json ./
COPY --from=program /hub/dist dist
COPY --from=program /hub/console/dist console/dist
COPY --from=program /hub/config config
# For backup and restore.
RUN apt-get update && apt-get install -y --no-install-recommends mariadb-client && rm -rf /var/lib/apt/lists/*
# A fresh volume takes its owner from here.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/src/main.js"]
