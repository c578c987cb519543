# shellcheck shell=bash
# Runs test programs and adds up their results, which it reads from their machine-readable reports.

PASSED=0
FAILED=0

add_results() {
  local name=$1 status=$2 passed=${3:-0} failed=${4:-0}
  # A program that ends in an error without naming a failed test has crashed or could not start.
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    warn "$name: ended with exit code $status without a failed test to show for it (a crash, or it could not start); counted as one failure"
    failed=1
  fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  if [ "$failed" -gt 0 ]; then say "== $name: $passed ok, $failed FAILED"; else say "== $name: $passed ok"; fi
}

# A step that must succeed but is not a test (a build, a type check): silent success, one failure otherwise.
check() {
  local name=$1 status=0
  shift
  run_in_group "$@" || status=$?
  [ "$status" -eq 0 ] || add_results "$name" "$status"
  return "$status"
}

# dotnet_tests PROJECT RESULTS_FOLDER OPTIONS...
dotnet_tests() {
  local project=$1 results=$2 status=0 name report
  shift 2
  name=$(basename "$project" .csproj)
  report=$results/$name.trx
  say "-- $name"
  run_in_group dotnet test "$project" -c "$CONFIGURATION" --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 15m --blame-hang-dump-type none "$@" || status=$?
  if [ -f "$report" ]; then
    add_results "$name" "$status" "$(trx_counter "$report" passed)" \
      $(($(trx_counter "$report" failed) + $(trx_counter "$report" error) + $(trx_counter "$report" timeout) + $(trx_counter "$report" aborted)))
  else
    add_results "$name" "$status"
  fi
}

trx_counter() { tr '\n' ' ' <"$1" | sed -nE "s/.*<Counters [^>]*[ ]$2=\"([0-9]+)\".*/\1/p" | grep . || echo 0; }

# npm_tests FOLDER RESULTS_FOLDER: the package's own test script, run by vitest or by node --test.
npm_tests() {
  local folder=$1 report status=0
  report=$2/$(echo "$folder" | tr / -)
  say "-- $folder"
  if npm_script "$folder" test | grep -q vitest; then
    run_in_group npm test --silent --prefix "$folder" -- --reporter=default --reporter=json --outputFile.json="$report" || status=$?
    add_results "$folder" "$status" "$(json_number "$report" numPassedTests)" "$(json_number "$report" numFailedTests)"
  else
    local options="--test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination=$report"
    run_in_group env NODE_OPTIONS="${NODE_OPTIONS:-} $options" npm test --silent --prefix "$folder" || status=$?
    add_results "$folder" "$status" "$(tap_number "$report" pass)" "$(tap_number "$report" fail)"
  fi
}

has_npm_script() { [ -f "$1/package.json" ] && [ -n "$(npm_script "$1" "$2")" ]; }
npm_script() { node -p "require('./$1/package.json').scripts?.['$2'] ?? ''"; }
json_number() { sed -nE "s/.*\"$2\": ?([0-9]+).*/\1/p" "$1" 2>/dev/null | head -n 1 | grep . || echo 0; }
tap_number() { sed -nE "s/^# $2 ([0-9]+)\$/\1/p" "$1" 2>/dev/null | tail -n 1 | grep . || echo 0; }
