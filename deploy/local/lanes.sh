# shellcheck shell=bash
# shellcheck disable=SC2030,SC2031 # a lane counts for itself
# Lanes: work that goes on beside other work. What a lane prints is shown as a whole, and what it counts is added, when it is waited for.
# Needs common.sh, count.sh and a folder WORK.

LANES=() # "NAME PROCESS" of those not waited for yet

# lane NAME COMMAND...: begins one.
lane() {
  local name=$1
  shift
  mkdir -p "$WORK/lanes"
  set -m
  (
    set +m
    trap end_group EXIT
    trap 'exit 143' INT TERM HUP
    LANES=() PASSED=0 FAILED=0
    "$@"
    echo "$PASSED $FAILED" >"$WORK/lanes/$name.count"
  ) </dev/null >"$WORK/lanes/$name.log" 2>&1 &
  LANES+=("$name $!")
  set +m
}

# wait_for_lane NAME: fails when the lane did not come to its end, which counts as a failure, or when something in it failed.
wait_for_lane() {
  local name=$1 entry others=() passed=0 failed=0 ended=yes
  for entry in "${LANES[@]}"; do
    if [ "${entry% *}" = "$name" ]; then wait "${entry##* }" || ended=""; else others+=("$entry"); fi
  done
  LANES=(${others[@]+"${others[@]}"})
  cat "$WORK/lanes/$name.log"
  if [ -z "$ended" ] || ! read -r passed failed <"$WORK/lanes/$name.count"; then
    say "== $name FAILED"
    failed=1
  fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  [ "$failed" -eq 0 ]
}

# Ends those that nobody will wait for any more.
end_lanes() {
  local entry
  for entry in ${LANES[@]+"${LANES[@]}"}; do kill -TERM -- "-${entry##* }" 2>/dev/null; done
  for entry in ${LANES[@]+"${LANES[@]}"}; do
    wait_for_exit "${entry##* }" 10 || kill -KILL -- "-${entry##* }" 2>/dev/null
  done
  LANES=()
}
