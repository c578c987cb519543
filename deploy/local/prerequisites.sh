# shellcheck shell=bash
# What must be on the machine: the .NET SDK and Node.js (checked), and a few system tools (installed when we may).

readonly DOTNET_MAJOR=10
readonly NODE_MINIMUM=20.19

# The builds are quiet, and their helper processes are their own, so that they can end together.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
# One compiler for all projects of a build: one for each would begin cold.
export UseSharedCompilation=true SharedCompilationId=aiplatform-$$
export npm_config_update_notifier=false
[ -t 1 ] || export NO_COLOR=1

require_dotnet() {
  local install="Install it with: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $DOTNET_MAJOR.0"
  if is_mac; then install="Install it with: brew install dotnet"; fi
  # Where that script puts it, which is not on the PATH.
  if ! have dotnet && [ -x "$HOME/.dotnet/dotnet" ]; then export PATH="$HOME/.dotnet:$PATH" DOTNET_ROOT="$HOME/.dotnet"; fi
  have dotnet || die "The .NET SDK $DOTNET_MAJOR is not installed (no 'dotnet' on the PATH)." "$install"
  dotnet --list-sdks 2>/dev/null | grep -q "^$DOTNET_MAJOR\." ||
    die "The .NET SDK $DOTNET_MAJOR is not installed (found: $(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | tr '\n' ' '))." "$install"
}

require_node() {
  local install="Install the current LTS version: https://nodejs.org/en/download (Debian 13 and newer: apt-get install nodejs npm)" version
  if is_mac; then install="Install it with: brew install node"; fi
  have node || die "Node.js $NODE_MINIMUM or newer is not installed (no 'node' on the PATH)." "$install"
  version=$(node --version)
  version_at_least "${version#v}" "$NODE_MINIMUM" || die "Node.js $NODE_MINIMUM or newer is needed, found $version." "$install"
  have npm || die "npm is not installed (it usually comes with Node.js)." "$install"
}

# require_tools COMMAND:DEBIAN_PACKAGE...: installs what is missing when root on a Debian-like system.
require_tools() {
  local pair missing=""
  for pair in "$@"; do
    have "${pair%%:*}" || missing="$missing ${pair##*:}"
  done
  [ -z "$missing" ] || install_system_packages "$missing"
}

# What documents are read with: COMMAND:DEBIAN_PACKAGE.
readonly DOCUMENT_TOOLS="pdftotext:poppler-utils pandoc:pandoc tesseract:tesseract-ocr uchardet:uchardet"
readonly OCR_LANGUAGES="eng hin"

missing_document_packages() {
  local pair language missing=""
  for pair in $DOCUMENT_TOOLS; do
    have "${pair%%:*}" || missing="$missing ${pair##*:}"
  done
  for language in $OCR_LANGUAGES; do
    have tesseract && tesseract --list-langs 2>/dev/null | grep -qx "$language" || missing="$missing tesseract-ocr-$language"
  done
  # Their sandbox, which macOS does not have.
  is_mac || have bwrap || missing="$missing bubblewrap"
  echo "$missing"
}

# The server also runs without them, and then says of each document that needs one what is missing.
provide_document_tools() {
  local missing
  missing=$(missing_document_packages)
  if [ -z "$missing" ]; then return; fi
  if is_apt_system && is_root; then install_system_packages "$missing"; return; fi
  if is_mac; then
    warn "Some documents cannot be read. Install what reads them with: brew install poppler pandoc tesseract tesseract-lang uchardet"
  elif is_apt_system; then
    warn "Some documents cannot be read. Install what reads them with: sudo apt-get install$missing"
  else
    warn "Some documents cannot be read: these packages are missing (by their names in Debian):$missing"
  fi
}

require_document_tools() {
  local missing
  missing=$(missing_document_packages)
  [ -z "$missing" ] || install_system_packages "$missing"
}

install_system_packages() {
  local packages=$1
  is_apt_system || die "These programs are missing:$packages." "Install them with your package manager."
  is_root || die "These packages are missing:$packages." "Install them with: sudo apt-get install$packages"
  say "Installing with apt-get:$packages ..."
  # shellcheck disable=SC2086 # a list of packages
  if ! DEBIAN_FRONTEND=noninteractive apt_get_install $packages; then
    die "apt-get could not install:$packages." "Its output is above; fix it, then try again."
  fi
}

apt_get_install() {
  local log
  log=$(mktemp)
  # A fresh container has no package lists yet, and old lists name packages that are gone: refresh them and try again.
  if apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null >"$log" 2>&1 ||
    { apt-get -q -o DPkg::Lock::Timeout=120 update </dev/null >"$log" 2>&1 &&
      apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  tail -n 20 "$log" >&2
  rm -f "$log"
  return 1
}
