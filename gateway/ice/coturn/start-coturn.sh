#!/bin/sh
# Starts coturn for PixelCast in the foreground: credentials of the gateway, peers of ours alone.
set -eu
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'HELP'
start-coturn.sh: coturn 4.6 or newer in the foreground, configured for a PixelCast gateway.

  start-coturn.sh [--help]

Settings, by environment:
  TURN_SECRET      or TURN_SECRET_FILE; the gateway's                DATA_DIR/turn/turn-secret
  DATA_DIR         the gateway's data folder                         ../../../data beside this script's folder
  SECRET_WAIT      seconds to wait for the secret                    60
  TURN_PORT        UDP and TCP port                                  3478
  TURN_TLS_PORT    TCP port for TLS, with a certificate alone        5349
  TURN_CERT_FILE   PEM certificate chain
  TURN_KEY_FILE    PEM private key beside it
  TURN_LISTEN      address to listen on                              all of this machine
  TURN_ADDRESS     address that clients and peers know us by,        that of this machine
                   of a list the first
  TURN_PORTS       UDP ports to relay by, one for each viewer        30000-30039
  TURN_PEERS       addresses that may be relayed to although they are private, comma-separated:
                   those that media servers announce (MEDIA_CANDIDATE)
  TURN_REALM       realm                                             pixelcast

The gateway then needs TURN_URLS, e.g. turn:turn.example.org:3478?transport=udp and …tcp.
HELP
}

say() { printf 'start-coturn: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# An address without the port and brackets that MEDIA_CANDIDATE may have: bare <address>
bare() {
  case $1 in
    \[*) rest=${1#\[} && printf %s "${rest%%\]*}" ;;
    *:*:*) printf %s "$1" ;;
    *) printf %s "${1%%:*}" ;;
  esac
}

# The content of a file that the gateway creates at its first start with TURN_URLS.
read_secret() {
  waited=0
  until [ -s "$1" ] && [ -r "$1" ]; do
    [ "$waited" -gt 0 ] || say "waiting for $1, which the gateway creates when it has TURN_URLS"
    if [ "$waited" -ge "${SECRET_WAIT:-60}" ]; then
      say "$1 cannot be read by user $(id -u) after $waited s."
      fail 'Give the gateway TURN_URLS and the same data folder and user, or set TURN_SECRET.'
    fi
    sleep 1
    waited=$((waited + 1))
  done
  cat "$1"
}

# A value that stands in a line of its own: line <what> <value>
line() {
  case $2 in
    *[!A-Za-z0-9._:/=+~-]*) fail "$1 has a character that a configuration cannot hold." ;;
    *) printf '%s=%s\n' "$1" "$2" ;;
  esac
}

case ${1:-} in
  '') ;;
  -h | --help)
    usage
    exit 0
    ;;
  *) fail "\"$1\" is not known; --help tells what is." ;;
esac

data_dir=${DATA_DIR:-$here/../../../data}
port=${TURN_PORT:-3478}
ports=${TURN_PORTS:-30000-30039}
for number in "$port" "${TURN_TLS_PORT:-5349}" "${ports%-*}" "${ports#*-}"; do
  case $number in
    '' | *[!0-9]* | ??????*) fail "\"$number\" is not a port. TURN_PORTS is written 30000-30039." ;;
  esac
done
command -v turnserver >/dev/null || fail 'there is no turnserver. On Debian: apt-get install coturn.'
secret=${TURN_SECRET:-$(read_secret "${TURN_SECRET_FILE:-$data_dir/turn/turn-secret}")}

# In a file, for a command line is seen by everybody of this machine.
folder=$(mktemp -d "${TMPDIR:-/tmp}/coturn.XXXXXX")
conf=$folder/turnserver.conf
umask 077
{
  cat <<'CONF'
use-auth-secret
fingerprint
no-cli
no-rfc5780
no-tcp-relay
no-dtls
no-tlsv1
no-tlsv1_1
no-multicast-peers
no-software-attribute
no-dynamic-ip-list
no-dynamic-realms
stale-nonce=600
# Nobody gets into the network around us: special-purpose addresses of RFC 6890 and their like.
denied-peer-ip=0.0.0.0-0.255.255.255
denied-peer-ip=10.0.0.0-10.255.255.255
denied-peer-ip=100.64.0.0-100.127.255.255
denied-peer-ip=127.0.0.0-127.255.255.255
denied-peer-ip=169.254.0.0-169.254.255.255
denied-peer-ip=172.16.0.0-172.31.255.255
denied-peer-ip=192.0.0.0-192.0.0.255
denied-peer-ip=192.0.2.0-192.0.2.255
denied-peer-ip=192.88.99.0-192.88.99.255
denied-peer-ip=192.168.0.0-192.168.255.255
denied-peer-ip=198.18.0.0-198.19.255.255
denied-peer-ip=198.51.100.0-198.51.100.255
denied-peer-ip=203.0.113.0-203.0.113.255
denied-peer-ip=240.0.0.0-255.255.255.255
denied-peer-ip=::-::ffff:ffff:ffff
denied-peer-ip=64:ff9b::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=100::-100::ffff:ffff:ffff:ffff
denied-peer-ip=2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
CONF
  line static-auth-secret "$secret"
  line realm "${TURN_REALM:-pixelcast}"
  line listening-port "$port"
  line min-port "${ports%-*}"
  line max-port "${ports#*-}"
  line userdb "$folder/turndb"
  line pidfile "$folder/turnserver.pid"
  if [ -n "${TURN_LISTEN:-}" ]; then
    line listening-ip "$TURN_LISTEN"
    line relay-ip "$TURN_LISTEN"
  fi
  [ -z "${TURN_ADDRESS:-}" ] || line external-ip "$(bare "${TURN_ADDRESS%%[,;]*}")"
  if [ -n "${TURN_CERT_FILE:-}" ]; then
    line tls-listening-port "${TURN_TLS_PORT:-5349}"
    line cert "$TURN_CERT_FILE"
    line pkey "${TURN_KEY_FILE:-}"
  else
    echo no-tls
  fi
  old_ifs=$IFS
  IFS=',; '
  for peer in ${TURN_PEERS:-}; do
    peer=$(bare "$peer")
    line allowed-peer-ip "$peer"
    case $peer in 127.* | ::1) echo allow-loopback-peers ;; esac
  done
  IFS=$old_ifs
} >"$conf"
unset TURN_SECRET secret
# Or the first two clients would make its tables at once, and one be refused (SQLite is locked: 401).
turnadmin --list --db "$folder/turndb" >/dev/null 2>&1 &
admin=$!
wait "$admin" || fail "no database can be made in $folder."
# It writes a log wherever it may.
rm -f "/var/log/turn_${admin}_"*.log "/var/tmp/turn_${admin}_"*.log "/tmp/turn_${admin}_"*.log

say "coturn: UDP and TCP port $port, relays by UDP ports $ports, peers beside public ones: ${TURN_PEERS:-none}"
exec turnserver -c "$conf" --log-file stdout
