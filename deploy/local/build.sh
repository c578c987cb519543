# shellcheck shell=bash
# Builds, each skipped when nothing it is made from has changed. A stamp is a hash of the sources' paths and contents.

readonly STAMPS=artifacts/stamps

is_up_to_date() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }

record_stamp() {
  mkdir -p "$STAMPS"
  echo "$2" >"$STAMPS/$1"
}

# install_node_packages FOLDER: npm ci when the lock file changed.
install_node_packages() {
  local folder=$1 stamp
  stamp="$(hash_files "$folder/package-lock.json" "$folder/package.json") $(node --version)"
  if [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" = "$stamp" ]; then return; fi
  say "$folder: installing its packages (npm ci) ..."
  quietly npm ci --prefix "$folder" --no-audit --no-fund || die "npm ci failed in $folder; its output is above."
  mkdir -p "$folder/node_modules"
  echo "$stamp" >"$folder/node_modules/.installed"
}

# The page that the server serves, into src/Api/wwwroot.
build_web() {
  [ -f src/Web/package.json ] || return 0
  local stamp
  stamp="$(web_sources | hash_text) $(node --version)"
  if [ -f src/Api/wwwroot/index.html ] && is_up_to_date web "$stamp"; then return; fi
  install_node_packages src/Web
  say "Web app: building ..."
  quietly npm run build --prefix src/Web || die "The web app does not build; the output is above."
  record_stamp web "$stamp"
}

web_sources() { hash_files src/Web \( -name node_modules -o -name dist -o -name '*.tsbuildinfo' \) -prune -o; }

# The server, into artifacts/run. It is built beside the old one and swapped in, so a server running from there keeps its files.
build_server() {
  local stamp
  stamp="$(server_sources | hash_text) $(dotnet --version)"
  if [ -f artifacts/run/AiPlatform.Api.dll ] && is_up_to_date server "$stamp"; then return; fi
  say "Server: building (the first time takes a minute or two) ..."
  rm -rf artifacts/run.new artifacts/run.old
  quietly dotnet publish src/Api/AiPlatform.Api.csproj -c Release -o artifacts/run.new --nologo -v quiet \
    -p:UseSharedCompilation=false || die "The server does not build; the output is above."
  if [ -d artifacts/run ]; then mv artifacts/run artifacts/run.old; fi
  mv artifacts/run.new artifacts/run
  rm -rf artifacts/run.old
  record_stamp server "$stamp"
}

server_sources() {
  hash_files . -maxdepth 1 \( -name '*.props' -o -name '*.targets' -o -name 'global.json' -o -iname 'nuget.config' -o -name '.editorconfig' -o -name '*.txt' \)
  hash_files src \( -path src/Web -o -name bin -o -name obj \) -prune -o
}

# Shows the output of a command only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if "$@" </dev/null >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}
