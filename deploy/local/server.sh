# shellcheck shell=bash
# Starts the built server, waits until it is ready, and stops it.

readonly READY_SECONDS=60
readonly STOP_SECONDS=40
readonly LOG_LIMIT=20971520

SERVER=""
LOG_START=0

# server_start PORT CONNECTION_STRING: sets SERVER to its process id.
server_start() {
  local port=$1 connection=$2 log=$DATA/logs/server.log
  rotate_log
  touch "$log"
  LOG_START=$(wc -c <"$log")
  rm -f "$DATA/run/announce"
  # A process group of its own: Ctrl-C reaches this script, which then stops the server in order.
  set -m
  (
    cd artifacts/run || exit
    export ASPNETCORE_URLS="http://127.0.0.1:$port" ConnectionStrings__Postgres="$connection"
    export Bootstrap__AnnounceFile="$DATA/run/announce"
    exec_with_us dotnet AiPlatform.Api.dll
  ) </dev/null >>"$log" 2>&1 &
  SERVER=$!
  set +m
  echo "$SERVER" >>"$DATA/run/pid"
}

# Where the kernel can do it, the server is told to end when this script is killed and cannot tell it.
exec_with_us() {
  if have setpriv && setpriv --pdeathsig TERM true 2>/dev/null; then exec setpriv --pdeathsig TERM "$@"; else exec "$@"; fi
}

server_wait_until_ready() {
  local port=$1 deadline=$((SECONDS + READY_SECONDS)) notice=$((SECONDS + 10)) outcome=""
  # Without stderr: bash would report a server that was killed in its own words.
  {
    until [ -n "$outcome" ]; do
      if ! process_is_alive "$SERVER"; then
        outcome="The server ended while starting."
        wait "$SERVER" || true
      elif server_is_ready "$port"; then
        return
      elif [ "$SECONDS" -ge "$deadline" ]; then
        outcome="The server was not ready after $READY_SECONDS seconds."
      elif [ "$SECONDS" -ge "$notice" ]; then
        say "Still starting: $(readable_log | tail -n 1)"
        notice=$((SECONDS + 15))
      fi
      sleep 0.1
    done
  } 2>/dev/null
  show_log_of_this_start
  die "$outcome" "Its whole log: $DATA/logs/server.log"
}

server_is_ready() { [ "$(http_status "$1" /health/ready)" = 200 ]; }

# The status code of a GET on this machine, or nothing when there is no answer.
http_status() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 0
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
    read -r -t 5 _ status _ <&3 && printf '%s' "$status"
  ) 2>/dev/null || true
}

# What is wrong with the configuration, if the server said so; else the end of its log.
show_log_of_this_start() {
  local lines
  lines=$(readable_log)
  if grep -q '^Configuration error' <<<"$lines"; then lines=$(grep '^Configuration error' <<<"$lines"); fi
  tail -n 15 <<<"$lines" >&2
}

# The log since this start: of JSON lines the level, the message and the start of the exception; no stack frames, no repeats.
readable_log() {
  tail -c "+$((LOG_START + 1))" "$DATA/logs/server.log" |
    sed -E -e 's/^\{"time":"[^"]*","level":"([a-z]+)","message":"(([^"\\]|\\.)*)".*"exception":"(([^"\\]|\\[^n])*).*/\1: \2 (\4)/' \
      -e 's/^\{"time":"[^"]*","level":"([a-z]+)","message":"(([^"\\]|\\.)*)".*/\1: \2/' -e 's/\\n.*//' -e 's/\\"/"/g' |
    grep -vE '^[[:space:]]*($|at |---)' | cut -c 1-500 | uniq || true
}

server_stop() {
  process_is_alive "$SERVER" || return 0
  say "Stopping the server (Ctrl-C again to stop it at once) ..."
  trap 'kill -s KILL "$SERVER" 2>/dev/null || true' INT
  kill -s TERM "$SERVER" 2>/dev/null || true
  if ! wait_for_exit "$SERVER" "$STOP_SECONDS"; then
    say "The server did not stop within $STOP_SECONDS seconds and was killed."
    kill -s KILL "$SERVER" 2>/dev/null || true
  fi
  trap '' INT
}

# The server appends to the file it opened, so the file is copied and emptied, not renamed.
rotate_log() {
  local log=$DATA/logs/server.log
  if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt "$LOG_LIMIT" ]; then
    cp -p "$log" "$log.1"
    : >"$log"
    LOG_START=0
  fi
}
