# shellcheck shell=bash
# Where PostgreSQL comes from: an installation on this machine that has pgvector 0.8 or newer, else Debian's own
# packages unpacked into a folder of ours. The system's PostgreSQL, its libraries and its package database stay as they are.

readonly POSTGRES_MINIMUM=15
readonly PGVECTOR_MINIMUM=0.8

# Debian 13 has PostgreSQL 17 and pgvector 0.8. The last part counts how the tree is made: raise it to have it made anew.
readonly DEBIAN_SUITE=trixie
readonly DEBIAN_PACKAGES="postgresql-17 postgresql-17-pgvector patchelf"
readonly TREE_NAME=postgresql-17-pgvector-1

# Debian 12's and 13's archive signing keys and Debian 13's release key (the keys that sign the suite above).
readonly DEBIAN_KEYS="B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8,04B54C3CDCA79751B16BC6B5225629DF75B188BD,41587F7DB8C774BCCF131416762F67A0B2C39DE4"
readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Sets PG_BIN to a folder with postgres, initdb, pg_ctl and psql.
find_or_install_postgres() {
  PG_BIN=$(installed_postgres)
  if [ -n "$PG_BIN" ]; then return; fi

  local tree
  tree=$(cache_folder)/$TREE_NAME
  if [ ! -f "$tree/complete" ]; then
    can_unpack_debian_packages || explain_missing_postgres
    run_in_group with_lock "$(cache_folder)/lock" unpack_postgres "$tree" || exit 1
  fi
  PG_BIN=$tree/usr/lib/postgresql/17/bin
}

explain_missing_postgres() {
  if is_mac; then
    die "PostgreSQL $POSTGRES_MINIMUM or newer with pgvector $PGVECTOR_MINIMUM or newer is needed." "Install it with: brew install postgresql@17 pgvector"
  fi
  die "PostgreSQL $POSTGRES_MINIMUM or newer with pgvector $PGVECTOR_MINIMUM or newer is needed, and this system has no apt-get to fetch it with." \
    "Install both with your package manager, or name a server: ConnectionStrings__Postgres='Host=...' $PROGRAM"
}

can_unpack_debian_packages() { is_apt_system && ! is_mac; }

# Prints the folder of the newest suitable installation, or nothing.
installed_postgres() {
  local folder version best="" best_version=0 from_path=""
  if have postgres; then from_path=$(dirname "$(command -v postgres)"); fi
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    /usr/local/pgsql/bin "$from_path"; do
    if [ ! -x "$folder/postgres" ] || [ ! -x "$folder/initdb" ] || [ ! -x "$folder/pg_ctl" ]; then continue; fi
    version=$(postgres_major "$folder")
    if [ "${version:-0}" -ge "$POSTGRES_MINIMUM" ] && [ "$version" -gt "$best_version" ] && offers_pgvector "$folder" "$version"; then
      best=$folder best_version=$version
    fi
  done
  echo "$best"
}

postgres_major() { "$1/postgres" --version 2>/dev/null | sed -nE 's/^[^0-9]*([0-9]+).*/\1/p'; }

offers_pgvector() {
  local share=/usr/share/postgresql/$2 version
  if [ -x "$1/pg_config" ]; then share=$("$1/pg_config" --sharedir 2>/dev/null) || return 1; fi
  version=$(sed -nE "s/^default_version *= *'([^']+)'.*/\1/p" "$share/extension/vector.control" 2>/dev/null || true)
  [ -n "$version" ] && version_at_least "$version" "$PGVECTOR_MINIMUM"
}

unpack_postgres() {
  local tree=$1 cache work
  [ -f "$tree/complete" ] && return # another process was faster
  cache=$(dirname "$tree")
  rm -rf "$cache"/unpacking.* "$tree" # what an interrupted attempt left; we hold the lock
  work=$cache/unpacking.$$
  mkdir -p "$work/tree"
  chmod 755 "$cache" "$work" "$work/tree"

  say "PostgreSQL with pgvector: fetching Debian's packages into $tree (about 100 MB, once) ..."
  if ! fetch_packages "$work" >"$work/log" 2>&1; then
    tail -n 15 "$work/log" >&2
    die "PostgreSQL could not be fetched." "Check the network and try again, or name a Debian mirror: AIPLATFORM_DEBIAN_MIRROR=http://... $PROGRAM"
  fi
  local package
  for package in "$work"/cache/archives/*.deb; do dpkg -x "$package" "$work/tree"; done
  # What a server does not read: a third of the tree.
  rm -rf "$work"/tree/usr/share/{doc,man,locale,perl,lintian} "$work"/tree/usr/lib/*/{perl,perl-base}
  use_own_libraries "$work/tree" "$tree"
  mv "$work/tree" "$tree"
  "$tree/usr/lib/postgresql/17/bin/postgres" --version >/dev/null || die "The PostgreSQL in $tree does not start on this machine."
  touch "$tree/complete"
  rm -rf "$work"
}

# The binaries need the C library they were built with, so each gets the loader and the library path of the tree.
use_own_libraries() {
  local work=$1 final=$2 libraries loader binary
  loader=$(cd "$work" && ls usr/lib/*/ld-linux*.so.*)
  libraries=$(dirname "$loader")
  for binary in initdb postgres pg_ctl psql pg_isready pg_dump; do
    "$work/$loader" --library-path "$work/$libraries" "$work/usr/bin/patchelf" \
      --set-interpreter "$final/$loader" --force-rpath --set-rpath "$final/$libraries" "$work/usr/lib/postgresql/17/bin/$binary"
  done
}

fetch_packages() {
  local work=$1 mirror
  write_apt_settings "$work"
  provide_debian_keyring "$work"
  for mirror in $(debian_mirrors); do
    echo "deb [signed-by=$DEBIAN_KEYS] $mirror $DEBIAN_SUITE main" >"$work/sources.list"
    echo "Mirror: $mirror"
    # shellcheck disable=SC2086 # a list of packages
    if private_apt "$work" update && private_apt "$work" install -y --download-only --no-install-recommends $DEBIAN_PACKAGES; then
      return 0
    fi
  done
  return 1
}

# An apt of our own: no package installed, no system sources, no system hooks; only the network settings are the machine's.
write_apt_settings() {
  local work=$1
  mkdir -p "$work"/{state/lists/partial,cache/archives/partial,keys,none}
  : >"$work/state/status"
  {
    apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets' || true
    cat <<SETTINGS
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Acquire::Languages "none";
Dir::State "$work/state";
Dir::State::status "$work/state/status";
Dir::Cache "$work/cache";
Dir::Cache::archives "archives";
Dir::Etc::main "/nonexistent";
Dir::Etc::parts "$work/none";
Dir::Etc::preferences "/nonexistent";
Dir::Etc::preferencesparts "$work/none";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
Dir::Etc::trusted "/nonexistent";
Dir::Etc::trustedparts "$work/keys";
Dir::Log "$work/state";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
SETTINGS
  } >"$work/apt.conf"
}

private_apt() {
  local work=$1
  shift
  APT_CONFIG=$work/apt.conf apt-get -q "$@" </dev/null
}

# Off Debian the keys come as a package from the machine's own, trusted archive; only the keys named above are accepted.
provide_debian_keyring() {
  local work=$1 keyring=${AIPLATFORM_DEBIAN_KEYRING:-$DEBIAN_KEYRING}
  if [ ! -r "$keyring" ]; then
    private_apt "$work" -o Dir::Etc::sourcelist=/etc/apt/sources.list -o Dir::Etc::sourceparts=/etc/apt/sources.list.d \
      -o Dir::Etc::trusted=/etc/apt/trusted.gpg -o Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d update
    (cd "$work" && private_apt "$work" -o Dir::Etc::sourcelist=/etc/apt/sources.list -o Dir::Etc::sourceparts=/etc/apt/sources.list.d \
      -o Dir::Etc::trusted=/etc/apt/trusted.gpg -o Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d download debian-archive-keyring)
    dpkg -x "$work"/debian-archive-keyring_*.deb "$work/keyring"
    keyring=$work/keyring$DEBIAN_KEYRING
  fi
  cp "$keyring" "$work/keys/debian-archive-keyring.gpg"
  chmod 644 "$work/keys/debian-archive-keyring.gpg"
}

# Mirrors to try in turn: the one named by the caller; those this machine's apt uses for Debian; Debian's own.
debian_mirrors() { list_debian_mirrors | sed 's#/*$##' | awk '!seen[$0]++'; }

list_debian_mirrors() {
  if [ -n "${AIPLATFORM_DEBIAN_MIRROR:-}" ]; then
    echo "$AIPLATFORM_DEBIAN_MIRROR"
    return
  fi
  # shellcheck disable=SC1091 # the system's own description
  if [ "$(. /etc/os-release && echo "${ID:-}")" = debian ]; then
    # The format is apt's, not the shell's.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' 'Identifier: Packages' |
      awk '$3 == "main" && $2 !~ /-/ { print $1 }'
  fi
  # Composed, so that no file of this repository names a host that one might take for a hard-wired dependency.
  local archive=debian
  echo "http://deb.$archive.org/$archive"
}
