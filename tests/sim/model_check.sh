#!/usr/bin/env bash
# The ownership of callbacks between cities, searched by spin through every state: no dial too many, both cities of one
# mind when nothing is under way, and every planted bug is seen. --full sets CITYBRIDGE_CITY_ROUNDS: two tasks with two
# crashes, and more late messages.
set -euo pipefail
model=$1
command -v spin >/dev/null || { echo "spin is missing; ./dev installs it (cmake/packages.txt)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

search() { # OPTIONS-OF-SPIN OPTIONS-OF-GCC OPTIONS-OF-PAN
    rm -f pan*
    spin -a $1 "$model" >/dev/null
    gcc $2 -w -DSAFETY -DNOREDUCE -o pan pan.c
    ./pan -E $3 >found.txt
    if grep -qE 'max search depth too small|out of memory|hash-table full' found.txt; then cat found.txt >&2; exit 1; fi
    grep -o 'errors: [0-9]*' found.txt
}
expect() { # WHAT FOUND WANTED
    [ "$2" = "$3" ] || { echo "$1: $2, not $3" >&2; cat found.txt >&2; exit 1; }
    echo "$1: $2, $(grep -oE '[0-9.e+]+ states, stored' found.txt)"
}
expect "two tasks, one crash" "$(search '-DTASKS=2 -DCRASHES=1 -DLATE=0' -O1 -m1000000)" "errors: 0"
expect "one task, one crash, late messages" "$(search '-DTASKS=1 -DCRASHES=1 -DLATE=1' -O1 -m1000000)" "errors: 0"
for planted in TAKE_BACK_BY_TIMER EPOCH_RESET ACK_BEFORE_COMMIT FORGOTTEN_GENERATION UNTOLD_LIVES; do
    expect "planted: $planted" "$(search "-DTASKS=1 -DCRASHES=2 -DLATE=0 -D$planted" -O0 -m1000000)" "errors: 1"
done
[ -n "${CITYBRIDGE_CITY_ROUNDS:-}" ] || exit 0
expect "one task, two crashes, late messages" "$(search '-DTASKS=1 -DCRASHES=2 -DLATE=1' -O2 -m10000000)" "errors: 0"
expect "two tasks, two crashes" "$(search '-DTASKS=2 -DCRASHES=2 -DLATE=0' -O2 '-m10000000 -w26')" "errors: 0"
