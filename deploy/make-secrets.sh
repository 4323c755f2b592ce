#!/bin/sh
# Makes the secrets that docker-compose.yml names, each in a file of its own; one that is there stays as it is.
# `sh deploy/make-secrets.sh [FOLDER]`, by default deploy/secrets.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
# Containers read them under other accounts; nobody else comes into the folder.
chmod 700 "$folder"

fresh() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() {
  if [ ! -s "$folder/$1" ]; then
    printf '%s' "$2" >"$folder/$1"
    echo "$folder/$1"
  fi
  chmod 444 "$folder/$1"
}

for name in database_password database_root_password redis_password token_secret audit_key digest_key first_admin_password; do
  keep "$name" "$(fresh)"
done
keep database_url "mysql://hub:$(cat "$folder/database_password")@mariadb:3306/hub"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
