#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# One role and one database per service; no role can even connect to another's database.
set -eu
for service in intake anonymizer stats notifier; do
  password=$(printenv "$(printf '%s_DATABASE_PASSWORD' "$service" | tr '[:lower:]' '[:upper:]')")
  psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set=service="$service" --set=password="$password" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE :"service" FROM PUBLIC;
SQL
done
