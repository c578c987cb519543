# shellcheck shell=bash
# One server of those that ./run starts, by its number from 1: its port and log, its start, and whether it is ready.

readonly READY_SECONDS=60
readonly LOG_LIMIT=20971520

# By the server's number. SERVERS holds the process ids, of those that run.
SERVERS=()
LOG_STARTS=()

server_port() { echo $((PORT + $1 - 1)); }
server_address() { echo "http://127.0.0.1:$(server_port "$1")"; }
server_log() { if [ "$1" -eq 1 ]; then echo "$DATA/logs/server.log"; else echo "$DATA/logs/server-$1.log"; fi; }
server_name() { if [ "$INSTANCES" -eq 1 ]; then echo "The server"; else echo "Instance $1"; fi; }

# server_start NUMBER [ANNOUNCE_FILE]
server_start() {
  local number=$1 announce=${2:-} log
  log=$(server_log "$number")
  rotate_log "$number"
  touch "$log"
  LOG_STARTS[number]=$(wc -c <"$log")
  # A process group of its own: Ctrl-C reaches this script, which then stops the server in order.
  set -m
  (
    cd artifacts/run || exit
    ASPNETCORE_URLS=$(server_address "$number")
    export ASPNETCORE_URLS ConnectionStrings__Postgres="$CONNECTION"
    # All instances share it. With a bucket it is not used.
    export Knowledge__Storage__Folder="${Knowledge__Storage__Folder:-$DATA/files}"
    if [ -n "$announce" ]; then export Bootstrap__AnnounceFile="$announce"; else unset Bootstrap__AnnounceFile; fi
    exec_with_us dotnet AiPlatform.Api.dll
  ) </dev/null >>"$log" 2>&1 &
  SERVERS[number]=$!
  set +m
  record_servers "${SERVERS[@]}"
}

# Where the kernel can do it, the server is told to end when this script is killed and cannot tell it.
exec_with_us() {
  if have setpriv && setpriv --pdeathsig TERM true 2>/dev/null; then exec setpriv --pdeathsig TERM "$@"; else exec "$@"; fi
}

# server_wait_until_ready NUMBER
server_wait_until_ready() {
  local number=$1 deadline=$((SECONDS + READY_SECONDS)) notice=$((SECONDS + 10)) outcome=""
  # Without stderr: bash would report a server that was killed in its own words.
  {
    until [ -n "$outcome" ]; do
      if ! process_is_alive "${SERVERS[number]}"; then
        outcome="$(server_name "$number") ended while starting."
        wait "${SERVERS[number]}" || true
      elif server_is_ready "$number"; then
        return
      elif [ "$SECONDS" -ge "$deadline" ]; then
        outcome="$(server_name "$number") was not ready after $READY_SECONDS seconds."
      elif [ "$SECONDS" -ge "$notice" ]; then
        say "$(server_name "$number") is still starting: $(readable_log "$number" | tail -n 1)"
        notice=$((SECONDS + 15))
      fi
      sleep 0.1
    done
  } 2>/dev/null
  show_log_of_this_start "$number"
  die "$outcome" "Its whole log: $(server_log "$number")"
}

server_is_ready() { [ "$(http_status "$(server_port "$1")" /health/ready)" = 200 ]; }

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
  lines=$(readable_log "$1")
  if grep -q '^Configuration error' <<<"$lines"; then lines=$(grep '^Configuration error' <<<"$lines"); fi
  [ -z "$lines" ] || tail -n 15 <<<"$lines" >&2
}

# The log since this start: of JSON lines the level, the message and the start of the exception; no stack frames, no repeats.
readable_log() {
  tail -c "+$((LOG_STARTS[$1] + 1))" "$(server_log "$1")" |
    sed -E -e 's/^\{"time":"[^"]*","level":"([a-z]+)","message":"(([^"\\]|\\.)*)".*"exception":"(([^"\\]|\\[^n])*).*/\1: \2 (\4)/' \
      -e 's/^\{"time":"[^"]*","level":"([a-z]+)","message":"(([^"\\]|\\.)*)".*/\1: \2/' -e 's/\\n.*//' -e 's/\\"/"/g' |
    grep -vE '^[[:space:]]*($|at |---)' | cut -c 1-500 | uniq || true
}

# The server appends to the file it opened, so the file is copied and emptied, not renamed.
rotate_log() {
  local log
  log=$(server_log "$1")
  if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt "$LOG_LIMIT" ]; then
    cp -p "$log" "$log.1"
    : >"$log"
    LOG_STARTS[$1]=0
  fi
}
