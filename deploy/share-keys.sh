#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# share-keys.sh ALL OUT: gives each service a folder OUT/<service> with the keys it needs and no other.
# Intake seals with public keys only; the private sealing keys go to the anonymizer alone. The key that signs staff links
# stays in ALL, which belongs off line. Run again after `seinhuis keys rotate` or `destroy`: what is gone in ALL goes here too.
set -eu
umask 077
[ $# -eq 2 ] && [ -d "$1/sealing" ] || { echo "usage: share-keys.sh ALL OUT   (ALL was made by seinhuis keys init)" >&2; exit 2; }
all=$1 out=$2

for service in intake anonymizer stats notifier; do
  fresh=$out/.$service.fresh
  rm -rf "$fresh"
  mkdir -p "$fresh/sealing"
  cp "$all/$service.secret" "$all/staff.ed25519.pub" "$all/audit.ed25519" "$all/audit.ed25519.pub" "$fresh"
  case $service in
    intake)
      cp "$all/receipt.ed25519" "$all/receipt.ed25519.pub" "$fresh"
      find "$all/sealing" -type f ! -name '*.private' -exec cp {} "$fresh/sealing" \;
      ;;
    anonymizer) find "$all/sealing" -type f ! -name '*.partial' -exec cp {} "$fresh/sealing" \; ;;
  esac
  # A private key that was destroyed must not survive in the old folder.
  if [ -d "$out/$service" ]; then
    if command -v shred >/dev/null; then find "$out/$service" -name '*.private' -exec shred -u {} +; fi
    rm -rf "${out:?}/$service"
  fi
  mv "$fresh" "$out/$service"
done
