# shellcheck shell=bash
# A PostgreSQL cluster of our own in a folder: data/ (the cluster, with an empty database aiplatform), port, password (0600), postgres.log.
# It listens on 127.0.0.1 only, with a random password, and needs PG_BIN (postgres-install.sh).

readonly POSTGRES_USER=aiplatform

# PostgreSQL refuses to run as root, so root runs it as a user made for it.
ensure_postgres_user() {
  is_root || return 0
  if id "$POSTGRES_USER" >/dev/null 2>&1; then return; fi
  have useradd || die "PostgreSQL cannot run as root, and useradd is missing to make a user for it." "Run $PROGRAM as a user who is not root."
  say "PostgreSQL: adding the system user '$POSTGRES_USER' to run it (it does not run as root)"
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$POSTGRES_USER" ||
    id "$POSTGRES_USER" >/dev/null 2>&1 || die "The system user '$POSTGRES_USER' could not be added."
}

# Redirections belong around a subshell of it: around the function, they would also catch what a trap says meanwhile.
as_postgres_user() {
  if is_root; then
    setpriv --reuid "$POSTGRES_USER" --regid "$POSTGRES_USER" --clear-groups -- env -u PGDATA -u PGPORT HOME=/ "$@"
  else
    env -u PGDATA -u PGPORT "$@"
  fi
}

# postgres_start FOLDER server|tests: makes the cluster the first time, then starts it, or adopts it if it runs already.
postgres_start() {
  local folder=$1 profile=$2 attempt
  ensure_postgres_user
  [ -f "$folder/data/PG_VERSION" ] || postgres_create "$folder"
  check_postgres_version "$folder"

  if postgres_is_running "$folder"; then
    say "PostgreSQL: already running on port $(cat "$folder/port") (left by an earlier start), using it"
    return
  fi
  for attempt in 1 2 3 4 5; do
    choose_free_port "$folder"
    write_postgres_settings "$folder" "$profile"
    if (as_postgres_user "$PG_BIN/pg_ctl" start -D "$folder/data" -l "$folder/postgres.log" -w -t 120 -s) </dev/null >/dev/null 2>&1; then
      say "PostgreSQL: running on port $(cat "$folder/port")"
      return
    fi
    sleep "$attempt" # another program may have taken the port, or processes of a killed server may still be ending
  done
  tail -n 15 "$folder/postgres.log" >&2 || true
  die "PostgreSQL did not start; the lines above are from $folder/postgres.log."
}

# postgres_stop FOLDER fast|immediate
postgres_stop() {
  postgres_is_running "$1" || return 0
  as_postgres_user "$PG_BIN/pg_ctl" stop -D "$1/data" -m "$2" -w -t 60 -s </dev/null ||
    say "PostgreSQL in $1 did not stop within a minute (process $(head -n 1 "$1/data/postmaster.pid"))."
}

# postgres_connection_string FOLDER DATABASE: in Npgsql's form.
postgres_connection_string() {
  echo "Host=127.0.0.1;Port=$(cat "$1/port");Database=$2;Username=postgres;Password=$(cat "$1/password")"
}

# Also removes the lock of a server that is gone, whose process id another program may have got since.
postgres_is_running() {
  local lock=$1/data/postmaster.pid pid
  [ -f "$lock" ] || return 1
  pid=$(head -n 1 "$lock" 2>/dev/null || true)
  case "$(process_command "${pid:-0}")" in
    *postgres*"$1/data"*) return 0 ;;
  esac
  rm -f "$lock"
  return 1
}

# Everything happens under another name first, so that an interrupted start leaves no half-made cluster.
postgres_create() {
  local folder=$1 new=$1/data.new
  say "PostgreSQL: making a new database cluster in $folder/data"
  rm -rf "$new"
  mkdir -p "$new"
  chmod 700 "$folder"
  (umask 077 && random_hex 24 >"$folder/password")
  if is_root; then
    chown -R "$POSTGRES_USER:$POSTGRES_USER" "$folder"
    as_postgres_user test -w "$new" || die "The user '$POSTGRES_USER', who runs PostgreSQL, cannot reach $folder." \
      "Choose a folder that other users may enter, for example: $PROGRAM --data /var/lib/aiplatform"
  fi
  (as_postgres_user "$PG_BIN/initdb" -D "$new" -U postgres -E UTF8 --locale="$(utf8_locale)" --lc-collate=C \
    --auth=scram-sha-256 --pwfile="$folder/password") </dev/null >"$folder/initdb.log" 2>&1 || initdb_failed "$folder"
  echo "include 'aiplatform.conf'" >>"$new/postgresql.conf"
  : >"$new/aiplatform.conf"
  (as_postgres_user "$PG_BIN/postgres" --single -D "$new" postgres) <<<"CREATE DATABASE aiplatform;" >"$folder/initdb.log" 2>&1 ||
    initdb_failed "$folder"
  rm -f "$folder/port" "$folder/initdb.log"
  mv "$new" "$folder/data"
}

initdb_failed() {
  cat "$1/initdb.log" >&2
  die "The database cluster in $1 could not be made; what PostgreSQL says is above."
}

utf8_locale() { if is_mac; then echo en_US.UTF-8; else echo C.UTF-8; fi; }

check_postgres_version() {
  local wanted ours
  wanted=$(cat "$1/data/PG_VERSION")
  ours=$(postgres_major "$PG_BIN")
  [ "$wanted" = "$ours" ] || die "The data in $1 was made by PostgreSQL $wanted, but PostgreSQL $ours is in use now ($PG_BIN)." \
    "Dump it with the old version and load it into a new folder (--data), or start afresh: $PROGRAM --reset"
}

choose_free_port() {
  local port
  port=$(cat "$1/port" 2>/dev/null || true)
  if [ -z "$port" ] || port_is_taken "$port"; then random_free_port >"$1/port"; fi
}

write_postgres_settings() {
  local folder=$1 profile=$2
  {
    echo "# Written anew at every start; put settings of your own into postgresql.auto.conf (ALTER SYSTEM)."
    echo "port = $(cat "$folder/port")"
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = ''"
    echo "shared_buffers = $(shared_buffers_mb)MB"
    echo "dynamic_shared_memory_type = $(dynamic_shared_memory)"
    echo "random_page_cost = 1.1"
    echo "jit = off"
    echo "timezone = 'UTC'"
    echo "log_timezone = 'UTC'"
    if [ "$profile" = tests ]; then
      echo "max_connections = 300"
      echo "fsync = off"
      echo "synchronous_commit = off"
      echo "full_page_writes = off"
      echo "autovacuum_naptime = 10s"
    else
      echo "max_connections = $((100 + 100 * ${INSTANCES:-1}))" # the pool of a server has 100 at most
      echo "work_mem = 16MB"
      echo "maintenance_work_mem = 256MB"
      echo "max_wal_size = 2GB"
      echo "wal_compression = on"
    fi
  } >"$folder/data/aiplatform.conf"
}

memory_mb() {
  if is_mac; then echo $(($(sysctl -n hw.memsize) / 1048576)); else awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo; fi
}

# An eighth of the memory, between 64 MB and 1 GB: the machine is shared with the server and its user.
shared_buffers_mb() {
  local mb=$(($(memory_mb) / 8))
  if [ "$mb" -lt 64 ]; then mb=64; elif [ "$mb" -gt 1024 ]; then mb=1024; fi
  echo "$mb"
}

# Containers often have a /dev/shm of 64 MB, too small for parallel index builds: files do there.
dynamic_shared_memory() {
  local kilobytes
  is_mac && echo posix && return
  kilobytes=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $2 }')
  if [ "${kilobytes:-0}" -ge 524288 ]; then echo posix; else echo mmap; fi
}
