# shellcheck shell=bash
# All servers of ./run, on one database: their start, what happens when one dies, their end.

readonly STOP_SECONDS=40
# An instance that ends this many times in a row, each time before it was ready or this soon after it, is given up.
readonly QUICK_ENDS_LIMIT=5
readonly QUICK_END_SECONDS=10

# By the instance's number. STATES: starting, ready, ended (started again at the next look), or gone (given up).
STATES=()
READY_SINCE=()
QUICK_ENDS=()

require_free_ports() {
  local number taken next advice
  for ((number = 1; number <= INSTANCES; number++)); do
    taken=$(server_port "$number")
    port_is_taken "$taken" || continue
    next=$((taken + INSTANCES <= 65535 ? taken + 1 : 8080))
    advice="Choose another one, for example: ./run --port $next"
    if [ "$INSTANCES" -gt 1 ]; then advice="Choose others, $INSTANCES in a row, for example: ./run --instances $INSTANCES --port $next"; fi
    die "Port $taken is taken by another program." "$advice"
  done
}

# The first one alone: it brings the database up to date and says how to sign in.
start_first_instance() {
  rm -f "$DATA/run/announce"
  start_instance 1 "$DATA/run/announce"
  server_wait_until_ready 1
  instance_is_ready 1
}

start_other_instances() {
  local number
  for ((number = 2; number <= INSTANCES; number++)); do start_instance "$number"; done
  for ((number = 2; number <= INSTANCES; number++)); do
    server_wait_until_ready "$number"
    instance_is_ready "$number"
  done
}

# start_instance NUMBER [ANNOUNCE_FILE]
start_instance() {
  STATES[$1]=starting
  server_start "$@"
}

instance_is_ready() {
  STATES[$1]=ready
  READY_SINCE[$1]=$SECONDS
}

# Until no instance is left. PostgreSQL is started again should it be killed: the servers find it again by themselves.
watch_over() {
  local number
  while :; do
    if ! postgres_is_fine; then
      say "PostgreSQL has ended unexpectedly; starting it again."
      postgres_start "$DATA/postgres" server
    fi
    for ((number = 1; number <= INSTANCES; number++)); do tend_instance "$number"; done
    instances_are_left || die "All instances have ended." "Their logs: $DATA/logs"
    # Without stderr: bash would report a server that was killed in its own words.
    {
      while pause && rotate_logs && all_is_well; do :; done
    } 2>/dev/null
  done
}

# Waiting, and not sleeping, so that a signal is acted upon at once.
pause() {
  sleep 1 &
  wait $! || true
}

instances_are_left() {
  local number
  for ((number = 1; number <= INSTANCES; number++)); do
    [ "${STATES[number]}" = gone ] || return 0
  done
  return 1
}

all_is_well() {
  local number
  for ((number = 1; number <= INSTANCES; number++)); do
    case ${STATES[number]} in
      ready) process_is_alive "${SERVERS[number]}" || return 1 ;;
      gone) ;;
      *) return 1 ;;
    esac
  done
  postgres_is_fine
}

rotate_logs() {
  local number
  for ((number = 1; number <= INSTANCES; number++)); do rotate_log "$number"; done
}

tend_instance() {
  local number=$1
  case ${STATES[number]} in
    gone) ;;
    ended) start_instance "$number" ;;
    *)
      if ! process_is_alive "${SERVERS[number]}"; then
        instance_has_ended "$number"
      elif [ "${STATES[number]}" = starting ] && server_is_ready "$number"; then
        instance_is_ready "$number"
        say "Instance $number is ready again: $(server_address "$number"), process ${SERVERS[number]}."
      fi
      ;;
  esac
}

# The only one ends ./run. One of several is started again, but not for ever when it ends each time it starts.
instance_has_ended() {
  local number=$1 pid=${SERVERS[$1]} status=0 how
  wait "$pid" 2>/dev/null || status=$?
  how="has ended by itself (exit code $status)"
  if [ "$INSTANCES" -eq 1 ]; then
    show_log_of_this_start 1
    die "The server $how." "Its whole log: $(server_log 1)"
  fi
  if [ "$status" -eq 137 ]; then how="was killed"; fi
  unset "SERVERS[number]"
  if [ "${STATES[number]}" = ready ] && [ $((SECONDS - READY_SINCE[number])) -ge "$QUICK_END_SECONDS" ]; then
    QUICK_ENDS[number]=0
  else
    QUICK_ENDS[number]=$((${QUICK_ENDS[number]:-0} + 1))
  fi
  if [ "${QUICK_ENDS[number]}" -lt "$QUICK_ENDS_LIMIT" ]; then
    STATES[number]=ended
    say "Instance $number (process $pid) $how; starting it again."
  else
    STATES[number]=gone
    show_log_of_this_start "$number"
    warn "Instance $number (process $pid) $how. It ended right after its start $QUICK_ENDS_LIMIT times in a row, so it is not started again."
    warn "  Its whole log: $(server_log "$number")"
  fi
}

# All at once; PostgreSQL, which they need for their last words, is stopped after them.
stop_instances() {
  local number pid what="the server" it=it deadline=$((SECONDS + STOP_SECONDS))
  instances_are_running || return 0
  if [ "$INSTANCES" -gt 1 ]; then what="the instances" it=them; fi
  say "Stopping $what (Ctrl-C again to stop $it at once) ..."
  trap 'signal_instances KILL' INT
  signal_instances TERM
  for ((number = 1; number <= INSTANCES; number++)); do
    pid=${SERVERS[number]:-}
    if ! wait_for_exit "$pid" $((deadline - SECONDS)); then
      say "$(server_name "$number") did not stop within $STOP_SECONDS seconds and was killed."
      kill -s KILL "$pid" 2>/dev/null || true
    fi
  done
  trap '' INT
}

instances_are_running() {
  local number
  for ((number = 1; number <= INSTANCES; number++)); do
    if process_is_alive "${SERVERS[number]:-}"; then return 0; fi
  done
  return 1
}

signal_instances() {
  local number
  for ((number = 1; number <= INSTANCES; number++)); do
    [ -z "${SERVERS[number]:-}" ] || kill -s "$1" "${SERVERS[number]}" 2>/dev/null || true
  done
}
