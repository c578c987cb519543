# shellcheck shell=bash
# Small helpers that ./run and ./test share. Written for bash 3.2 as well, which macOS still has.

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

die() {
  printf 'Error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

usage_error() {
  printf '%s\nTry %s --help.\n' "$1" "$PROGRAM" >&2
  exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
is_mac() { [ "$(uname -s)" = Darwin ]; }
is_apt_system() { have apt-get && have dpkg; }

# A folder that every checkout on this machine shares; nothing in it is worth a backup.
cache_folder() {
  if is_root; then echo /var/cache/aiplatform; else echo "${XDG_CACHE_HOME:-$HOME/.cache}/aiplatform"; fi
}

default_data_folder() {
  if is_root; then echo /var/lib/aiplatform; else echo "${XDG_DATA_HOME:-$HOME/.local/share}/aiplatform"; fi
}

random_hex() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Hashes standard input.
hash_text() { if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

# hash_files <find arguments>: one hash of the paths and contents of the files found.
hash_files() {
  local hasher="shasum -a 256"
  if have sha256sum; then hasher=sha256sum; fi
  # shellcheck disable=SC2086 # the hasher is a command with arguments
  find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 $hasher | hash_text
}

# version_at_least 0.8.1 0.8: compares dotted numbers, part by part.
version_at_least() {
  local IFS=. part
  local -a have_parts want_parts
  read -ra have_parts <<<"$1"
  read -ra want_parts <<<"$2"
  for part in 0 1 2; do
    local ours=${have_parts[part]:-0} theirs=${want_parts[part]:-0}
    ours=${ours%%[!0-9]*} theirs=${theirs%%[!0-9]*}
    [ "${ours:-0}" -gt "${theirs:-0}" ] && return 0
    [ "${ours:-0}" -lt "${theirs:-0}" ] && return 1
  done
  return 0
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port below the range from which systems hand out ports by themselves.
random_free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! port_is_taken "$port"; then
      echo "$port"
      return
    fi
  done
}

# A process that has ended but that nobody waited for is not alive.
process_is_alive() {
  [ -n "${1:-}" ] && kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

# The command line of a process, to tell our own from one that got the same id later.
process_command() {
  if [ -r "/proc/$1/cmdline" ]; then tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null; else ps -o args= -p "$1" 2>/dev/null; fi || true
}

# wait_for_exit PID SECONDS: succeeds when the process is gone in time.
wait_for_exit() {
  local tenths=$(($2 * 10))
  while process_is_alive "$1"; do
    [ "$tenths" -gt 0 ] || return 1
    tenths=$((tenths - 1))
    sleep 0.1
  done
}

# with_lock FILE COMMAND...: one at a time among all callers of the same lock file, where the system can lock files.
with_lock() {
  local file=$1
  shift
  if ! have flock; then
    "$@"
    return
  fi
  mkdir -p "$(dirname "$file")" || die "The folder $(dirname "$file") cannot be made by $(id -un)."
  (
    if ! flock -n 9; then
      say "Waiting for another process that is doing the same ($file) ..."
      flock -w 1200 9 || die "Waited 20 minutes for the lock $file." "Stop the other process, or try again later."
    fi
    "$@" 9>&-
  ) 9>>"$file"
}

# run_in_group COMMAND...: in a process group of its own, so that what it leaves running can be ended with it, and a
# signal to this script is acted upon at once. Sets GROUP while it runs.
GROUP=""
run_in_group() {
  local status=0
  set -m
  "$@" </dev/null &
  GROUP=$!
  set +m
  wait "$GROUP" || status=$?
  end_group
  return "$status"
}

end_group() {
  if [ -z "$GROUP" ]; then return; fi
  kill -TERM -- "-$GROUP" 2>/dev/null || { GROUP=""; return 0; }
  local tenths=50
  while kill -0 -- "-$GROUP" 2>/dev/null; do
    if [ "$tenths" -eq 0 ]; then kill -KILL -- "-$GROUP" 2>/dev/null || true; fi
    [ "$tenths" -gt -10 ] || break
    tenths=$((tenths - 1))
    sleep 0.1
  done
  GROUP=""
}
