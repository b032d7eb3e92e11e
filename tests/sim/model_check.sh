#!/usr/bin/env bash
# The ownership of callbacks between cities, searched by spin: no dial too many, and the planted bug is seen.
# --full sets CITYBRIDGE_SIM_SEEDS, and then two tasks and two crashes are searched, too.
set -euo pipefail
model=$1
command -v spin >/dev/null || { echo "spin is missing; ./dev installs it (cmake/packages.txt)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

search() { # OPTIONS-OF-SPIN OPTIONS-OF-GCC OPTIONS-OF-PAN
    rm -f pan*
    spin -a $1 "$model" >/dev/null
    gcc -O2 -DSAFETY $2 -o pan pan.c
    ./pan -E $3 >found.txt
    grep -o 'errors: [0-9]*' found.txt
    grep -q 'max search depth too small' found.txt && { echo "the search was cut short" >&2; exit 1; }
    return 0
}
expect() { # WHAT FOUND WANTED
    [ "$2" = "$3" ] || { echo "$1: $2, not $3" >&2; exit 1; }
    echo "$1: $2"
}
expect "one task, one crash" "$(search '-DTASKS=1 -DCRASHES=1' -DCOLLAPSE -m100000)" "errors: 0"
expect "taken back by timer" "$(search '-DTASKS=1 -DCRASHES=0 -DTAKE_BACK_BY_TIMER' -DCOLLAPSE -m100000)" "errors: 1"
[ -n "${CITYBRIDGE_SIM_SEEDS:-}" ] || exit 0
expect "one task, two crashes" "$(search '-DTASKS=1 -DCRASHES=2' -DCOLLAPSE -m1000000)" "errors: 0"
expect "two tasks, two crashes" "$(search '-DTASKS=2 -DCRASHES=2' -DBITSTATE '-m1000000 -w30')" "errors: 0"
