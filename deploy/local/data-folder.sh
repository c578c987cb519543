# shellcheck shell=bash
# The data folder of ./run: postgres/ (the database), files/ (what was uploaded), logs/, run/ (who is running), and a marker that says it is ours.

readonly MARKER=.aiplatform-data

# Sets DATA to an absolute path and makes the folder if it is not there.
prepare_data_folder() {
  if [ ! -f "$DATA/$MARKER" ] && [ -d "$DATA" ] && [ -n "$(ls -A "$DATA")" ]; then
    die "The folder $DATA is not empty and was not made by AiPlatform." "Choose a new or empty folder with --data."
  fi
  mkdir -p "$DATA" 2>/dev/null || die "The data folder $DATA cannot be made." "Choose another with --data."
  DATA=$(cd "$DATA" && pwd -P)
  [ -w "$DATA" ] || die "The data folder $DATA cannot be written by $(id -un)." "Choose another with --data, or change its owner."
  # Entering is all that the user who runs PostgreSQL may do here.
  chmod 711 "$DATA"
  (umask 077 && mkdir -p "$DATA/run" "$DATA/logs")
  mkdir -p "$DATA/postgres"
  echo "A data folder of AiPlatform. './run --reset' deletes what is in it." >"$DATA/$MARKER"
}

confirm_reset() {
  [ "$YES" = no ] || return 0
  [ -t 0 ] || die "--reset deletes everything in $DATA and would ask first, but there is no terminal." "Add --yes if you mean it."
  local answer
  printf 'Delete the database, the uploaded files, the keys and the logs in %s? [y/N] ' "$DATA"
  read -r answer || answer=""
  case $answer in [yY] | [yY][eE][sS]) ;; *) say "Nothing was deleted."; exit 1 ;; esac
}

# Empties the data folder; it must not be in use.
reset_data_folder() {
  if [ ! -f "$DATA/$MARKER" ]; then
    [ ! -d "$DATA" ] || [ -z "$(ls -A "$DATA")" ] || die "$DATA is not a data folder of AiPlatform (no $MARKER in it); nothing was deleted."
    say "Reset: nothing to delete in $DATA"
    return
  fi
  DATA=$(cd "$DATA" && pwd -P)
  refuse_second_start
  confirm_reset
  end_processes "$(head -n 1 "$DATA/postgres/data/postmaster.pid" 2>/dev/null || true)" "$DATA/postgres/data" INT
  find "$DATA" -mindepth 1 -delete
  say "Reset: everything in $DATA is deleted"
}

# The lines of the file run/pid: process id of ./run, its address, process id of each server.
refuse_second_start() {
  local file=$DATA/run/pid run_pid address
  [ -f "$file" ] || return 0
  { read -r run_pid && read -r address; } <"$file" || true
  if process_is_alive "$run_pid"; then
    case "$(process_command "$run_pid")" in
      *bash*run*) die "AiPlatform is already running on $DATA: $address (process $run_pid)." \
        "Stop that one first, or start a second one with another folder and port: ./run --data FOLDER --port N" ;;
    esac
  fi
  end_processes "$(tail -n +3 "$file")" AiPlatform.Api.dll TERM
  rm -f "$file"
}

# claim_data_folder ADDRESS: at most one ./run per folder.
claim_data_folder() {
  (set -o noclobber && printf '%s\n%s\n' "$$" "$1" >"$DATA/run/pid") 2>/dev/null ||
    die "Another ./run is starting on $DATA at this moment."
}

# record_servers PID...
record_servers() {
  { head -n 2 "$DATA/run/pid" && printf '%s\n' "$@"; } >"$DATA/run/pid.new"
  mv "$DATA/run/pid.new" "$DATA/run/pid"
}

# end_processes "PID ..." PART_OF_THEIR_COMMAND SIGNAL: ends what an earlier ./run that was killed has left behind.
end_processes() {
  local pid ending="" deadline=$((SECONDS + 40))
  for pid in $1; do
    process_is_alive "$pid" || continue
    case "$(process_command "$pid")" in *"$2"*) ;; *) continue ;; esac
    say "Stopping what an earlier start left running (process $pid) ..."
    kill -s "$3" "$pid" 2>/dev/null || continue
    ending="$ending $pid"
  done
  for pid in $ending; do
    wait_for_exit "$pid" $((deadline - SECONDS)) || kill -s KILL "$pid" 2>/dev/null || true
  done
}
