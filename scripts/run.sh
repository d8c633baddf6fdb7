#!/usr/bin/env bash
# Shows JobRun at work on this machine, with no account anywhere: builds it, starts the practice carrier and
# the service on a fresh database, registers a business and the sign-up number, places a call to a number of
# each of the three roles, and prints what became of it. Then both stay up until Ctrl-C; with ONCE=1 they
# end at once.
#
# Everything it writes is in var/run, and is removed at the next start. PORT (8080) and CARRIER_PORT (8090)
# say where to listen; if one is taken, the next free one is used.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build
configure_and_build release jobrun
jobrun=build/release/jobrun
folder="$PWD/var/run"

# The first port from $1 on that nothing listens on.
free_port() {
  local port="$1"
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s' "$port"
}

# Whatever this script started, it stops: by process id, and nothing else.
started=()
stop_all() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop_all EXIT
trap 'exit 0' INT TERM

# The last words of both programs, then ours.
give_up() {
  tail -n 5 "$folder"/*.log >&2
  fail "$1 The logs are in var/run."
}

# wait_until WHAT COMMAND...: until the command succeeds, for at most 30 s.
wait_until() {
  local what="$1" limit=$((SECONDS + 30))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$limit" ] || give_up "Waited 30 s in vain: $what."
    for pid in "${started[@]}"; do
      kill -0 "$pid" 2>/dev/null || give_up "A program ended before this: $what."
    done
    sleep 0.05
  done
}
answers() { curl -sf -o /dev/null "$1"; }
knows_numbers() { curl -sf "$service_url/metrics" | grep -q "^directory_numbers $1$"; }
has_outcome() { "$jobrun" calls show "$1" --json | grep -q '"outcome": "'; }

say "A fresh database and logs in var/run"
rm -rf "$folder"
mkdir -p "$folder"
service_url="http://127.0.0.1:$(free_port "${PORT:-8080}")"
carrier_url="http://127.0.0.1:$(free_port "${CARRIER_PORT:-8090}")"
account=AC0123456789abcdef0123456789abcdef
token=practice-token
export JOBRUN_LISTEN="${service_url#http://}" JOBRUN_PUBLIC_URL="$service_url"
export JOBRUN_DATABASE_URL="sqlite://$folder/jobrun.db"
export JOBRUN_TWILIO_ACCOUNT_SID="$account" JOBRUN_TWILIO_AUTH_TOKEN="$token" JOBRUN_TWILIO_API_URL="$carrier_url"
export JOBRUN_FAILSAFE_SENDER=+14155550199
export JOBRUN_ALERT_WEBHOOK_URL="$carrier_url/practice/alerts" JOBRUN_ALERT_WEBHOOK_SECRET=practice-secret

say "Starting the practice carrier: it plays the carrier's API, the phones and who receives alerts"
"$jobrun" simulate --listen "${carrier_url#http://}" --webhook-url "$service_url" \
  --account-sid "$account" --auth-token "$token" >"$folder/carrier.log" 2>&1 &
started+=($!)
wait_until "the practice carrier answers" answers "$carrier_url/practice/health"

say "Starting the service"
"$jobrun" serve >"$folder/service.log" 2>&1 &
started+=($!)
wait_until "the service is ready" answers "$service_url/readyz"

say "Registering a business with its number, and the number where owners sign up"
client="$("$jobrun" clients add --name "Smith & Sons Plumbing" --phone +14155550150 --json |
  sed -n 's/^ *"id": \([0-9]*\),\{0,1\}$/\1/p')"
"$jobrun" numbers add +14155550100 --role operational --client "$client"
"$jobrun" numbers add +14155550101 --role onboarding
wait_until "the service has noticed both numbers" knows_numbers 2

# show_call WHAT NUMBER CALLER: places a call that nobody answers, and prints what became of it.
show_call() {
  local what="$1" number="$2" caller="$3" answer call_sid texts
  printf '\n'
  say "$caller calls $number, $what, and nobody answers"
  answer="$(curl -sf -H 'Content-Type: application/json' \
    -d "{\"from\": \"$caller\", \"to\": \"$number\", \"wait\": true}" "$carrier_url/practice/calls")"
  call_sid="$(printf '%s' "$answer" | grep -o '"CA[0-9a-f]*"' | head -n 1 | tr -d '"')"
  wait_until "the call $call_sid has an outcome" has_outcome "$call_sid"
  "$jobrun" calls show "$call_sid"
  texts="$(curl -sf "$carrier_url/practice/handset?number=%2B${caller#+}" | grep -o '"body":"[^"]*"' |
    sed 's/^"body":"\(.*\)"$/\1/')" || true
  if [ -n "$texts" ]; then
    printf '\nOn the handset of %s:\n' "$caller"
    printf '%s\n' "$texts" | fold -s -w 72 | sed 's/^/  | /'
  else
    printf '\nOn the handset of %s: no text.\n' "$caller"
  fi
}

show_call "the number of a business" +14155550100 +14155550123
show_call "the number where owners sign up by text" +14155550101 +14155550124
show_call "a number that nobody registered" +14155550102 +14155550125

printf '\n'
say "All calls, then incidents, of which there should be none:"
"$jobrun" calls list
"$jobrun" incidents
if [ "${ONCE:-}" = 1 ]; then
  say "Done: a call to each of the three roles has its outcome"
  exit 0
fi

cat <<END

Both stay up until Ctrl-C. To open:
  $carrier_url/          the practice carrier: place calls and texts, see handsets, set faults
  $service_url/metrics   the service's metrics
  $service_url/readyz    whether it is ready
To look around in another terminal:
  export JOBRUN_DATABASE_URL=$JOBRUN_DATABASE_URL
  $jobrun calls list; $jobrun clients list; $jobrun --help
Logs: var/run/service.log, var/run/carrier.log
END
wait "${started[@]}" || true
