#!/bin/sh
# Starts SRS for PixelCast in the foreground, with srs.conf and what belongs to this installation.
set -eu
# In C, [A-Z] is these 26 letters and a character is a byte.
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'HELP'
start-srs.sh: SRS 6 or newer in the foreground, configured for a PixelCast gateway.

  start-srs.sh [--help]

Settings, by environment:
  SRS_HOME         where SRS is installed, with objs/srs in it       /usr/local/srs
  SRS_CONF         configuration                                     srs.conf beside this script
  HOOKS_BASE_URL   the gateway's hook address                        http://127.0.0.1:8080/api/srs
  DATA_DIR         the gateway's data folder, for the two secrets    ../data beside this script's folder
  HOOK_SECRET      or HOOK_SECRET_FILE                               DATA_DIR/node/hook-secret
  SRS_API_USER     user of SRS's HTTP API                            gateway
  SRS_API_PASSWORD or SRS_API_PASSWORD_FILE; without ":"             DATA_DIR/node/srs-api-password
  SECRET_WAIT      seconds to wait for the secrets                   60
  API_LISTEN       address:port of signalling and API                127.0.0.1:1985
  MEDIA_PORT       UDP port of all media                             8000
  MEDIA_CANDIDATE  address that SRS announces; of a list as the gateway
                   has it, the first IPv4                            * (those of this machine)
  SRS_DVR          on: all publications are written for recordings   off
  SRS_DVR_PATH     folder of those files, SRS_DVR_DIR of the gateway DATA_DIR/dvr
  RTMP_LISTEN      address:port of RTMP, which is not used           127.0.0.1:1935
  SRS_LOG_LEVEL    error, warn, info, debug or trace                 error
  SRS_SERVER_ID    name of this node in hooks and API                the host name

The gateway then needs SRS_NODES=http://<API_LISTEN> and the same SRS_API_USER.
HELP
}

say() { printf 'start-srs: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The content of a file that the gateway creates at its first start: read_secret <file> <variable>
read_secret() {
  waited=0
  until [ -s "$1" ] && [ -r "$1" ]; do
    [ "$waited" -gt 0 ] || say "waiting for $1, which the gateway creates at its first start"
    if [ "$waited" -ge "${SECRET_WAIT:-60}" ]; then
      say "$1 cannot be read by user $(id -u) after $waited s."
      fail "Start the gateway with the same data folder and user, or set $2 or $2_FILE."
    fi
    sleep 1
    waited=$((waited + 1))
  done
  cat "$1"
}

# RFC 3986: a blank would end the hook's URL, "&" and "#" its secret.
percent_encode() {
  case $1 in
    *[!A-Za-z0-9._~-]*) printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g' ;;
    *) printf %s "$1" ;;
  esac
}

# SRS announces one address, by IPv4: first_ipv4 <a list as the gateway's MEDIA_CANDIDATE>
first_ipv4() {
  for word in $(printf %s "$1" | tr ",;*" "  x"); do
    case $word in
      *[!0-9.:]* | *:*:*) ;;
      *.*.*.*) printf %s "${word%%:*}" && return ;;
    esac
  done
  case $1 in
    *[,\;:[]*) printf '*' ;;
    *) printf %s "$1" ;;
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

srs_home=${SRS_HOME:-/usr/local/srs}
srs_conf=${SRS_CONF:-$here/srs.conf}
data_dir=${DATA_DIR:-$here/../data}
api_listen=${API_LISTEN:-127.0.0.1:1985}
media_port=${MEDIA_PORT:-8000}
media_candidate=${MEDIA_CANDIDATE:-*}

case $srs_conf in
  /*) ;;
  *) srs_conf=$PWD/$srs_conf ;;
esac
[ -x "$srs_home/objs/srs" ] || fail "there is no SRS in $srs_home (objs/srs). Set SRS_HOME."
[ -r "$srs_conf" ] || fail "$srs_conf cannot be read. Set SRS_CONF."
case $media_port in
  *[!0-9]* | ??????*) fail "MEDIA_PORT is \"$media_port\", not a port." ;;
esac
media_candidate=$(first_ipv4 "$media_candidate")

hook_secret=${HOOK_SECRET:-$(read_secret "${HOOK_SECRET_FILE:-$data_dir/node/hook-secret}" HOOK_SECRET)}
api_password=${SRS_API_PASSWORD:-$(
  read_secret "${SRS_API_PASSWORD_FILE:-$data_dir/node/srs-api-password}" SRS_API_PASSWORD
)}
case $api_password in
  *:*) fail 'SRS_API_PASSWORD has a ":", which SRS cannot take.' ;;
esac

hooks=${HOOKS_BASE_URL:-http://127.0.0.1:8080/api/srs}
query="secret=$(percent_encode "$hook_secret")"
export SRS_VHOST_HTTP_HOOKS_ENABLED=on
export SRS_VHOST_HTTP_HOOKS_ON_CONNECT="$hooks/connect?$query"
export SRS_VHOST_HTTP_HOOKS_ON_CLOSE="$hooks/close?$query"
export SRS_VHOST_HTTP_HOOKS_ON_PUBLISH="$hooks/publish?$query"
export SRS_VHOST_HTTP_HOOKS_ON_UNPUBLISH="$hooks/unpublish?$query"
export SRS_VHOST_HTTP_HOOKS_ON_PLAY="$hooks/play?$query"
export SRS_VHOST_HTTP_HOOKS_ON_STOP="$hooks/stop?$query"
export SRS_VHOST_HTTP_HOOKS_ON_DVR="$hooks/dvr?$query"

case ${SRS_DVR:-off} in
  on)
    dvr_path=${SRS_DVR_PATH:-$data_dir/dvr}
    case $dvr_path in
      /*) ;;
      *) dvr_path=$PWD/$dvr_path ;;
    esac
    mkdir -p "$dvr_path" || fail "SRS_DVR_PATH: $dvr_path cannot be made."
    export SRS_VHOST_RTC_RTC_TO_RTMP=on
    export SRS_VHOST_DVR_ENABLED=on
    export SRS_VHOST_DVR_DVR_PATH="$dvr_path/[app]/[stream].[timestamp].flv"
    ;;
  off) ;;
  *) fail "SRS_DVR is \"$SRS_DVR\", neither on nor off." ;;
esac

export SRS_HTTP_API_LISTEN="$api_listen"
export SRS_HTTP_API_AUTH_ENABLED=on
export SRS_HTTP_API_AUTH_TYPE=basic
export SRS_HTTP_API_AUTH_USERNAME="${SRS_API_USER:-gateway}"
export SRS_HTTP_API_AUTH_PASSWORD="$api_password"

export SRS_RTC_SERVER_LISTEN="$media_port"
export SRS_RTC_SERVER_CANDIDATE="$media_candidate"

export SRS_LISTEN="${RTMP_LISTEN:-127.0.0.1:1935}"
export SRS_SERVER_ID="${SRS_SERVER_ID:-$(uname -n)}"
export SRS_PID="${SRS_PID:-${TMPDIR:-/tmp}/srs-${api_listen##*:}.pid}"
export SRS_LOG_LEVEL_V2="${SRS_LOG_LEVEL:-error}"
unset HOOK_SECRET SRS_API_PASSWORD

say "SRS in $srs_home: API $api_listen, media UDP $media_port announced as $media_candidate, hooks to $hooks"
cd "$srs_home"
exec ./objs/srs -c "$srs_conf"
