#!/bin/sh
# A job in plain shell, by the job contract: sums the squares of 1 to N, one number a second, N being the duration.
# It shows that a job needs no library: variables in, a status file and folders out, SIGTERM and exit codes.
set -eu

total=${SPOTPROOF_DURATION_SECONDS%.*}
interval=${SPOTPROOF_CHECKPOINT_SECONDS%.*}
number=0
sum=0
save=
stop=
trap 'stop=1' TERM # sh runs it once the present `sleep 1` is over, so a number in the works is finished first

if [ -n "${SPOTPROOF_RESTORE_DIR:-}" ]; then
  read -r number sum <"$SPOTPROOF_RESTORE_DIR/sum"
  echo "restored: the sum up to $number is $sum"
fi
saved=$number

# Percent with two decimals, in whole-number arithmetic.
percent() {
  hundredths=$(($1 * 10000 / total))
  printf '%d.%02d' $((hundredths / 100)) $((hundredths % 100))
}

# Replaces the status file at once: written beside, then renamed.
report() {
  printf '{"percent": %s%s}\n' "$(percent "$number")" "$save" >"$SPOTPROOF_STATUS_FILE.new"
  mv "$SPOTPROOF_STATUS_FILE.new" "$SPOTPROOF_STATUS_FILE"
}

# A new folder for each save: filled, then reported, then left alone.
store() {
  mkdir "$SPOTPROOF_SAVES_DIR/save-$number"
  echo "$number $sum" >"$SPOTPROOF_SAVES_DIR/save-$number/sum"
  saved=$number
  save=$(printf ', "save": {"dir": "save-%d", "percent": %s}' "$number" "$(percent "$number")")
  report
}

report
while [ "$number" -lt "$total" ] && [ -z "$stop" ]; do
  sleep 1 || true # a SIGTERM to the whole group ends the sleep, too
  number=$((number + 1))
  sum=$((sum + number * number))
  if [ $((number % interval)) -eq 0 ] && [ "$number" -lt "$total" ]; then store; else report; fi
done

if [ "$number" -gt "$saved" ]; then store; fi
if [ "$number" -lt "$total" ]; then exit 75; fi
echo "done: the sum of the squares up to $number is $sum"
