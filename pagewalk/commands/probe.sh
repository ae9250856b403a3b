#!/bin/sh
# The smallest workload under benchmarks/CONTRACT.md: a shell counts for a tenth of a second. It needs no compiler
# for the board's target, so that a board can be tried before anything is built for it.
mark() {
    [ -n "${PAGEWALK_CONTROL:-}" ] || return 0
    answer=
    eval "echo $1 >&${PAGEWALK_CONTROL%,*}"
    eval "read -r answer <&${PAGEWALK_CONTROL#*,}"
    [ "$answer" = ack ] || exit 71
}

now() { # hundredths of a second, the only clock that every shell has
    read -r up _ </proc/uptime
    now=${up%.*}${up#*.}
}

mark enable
counted=0
now
start=$now
while [ "$((now - start))" -lt 10 ]; do
    counted=$((counted + 1))
    now
done
took=$((now - start))
mark disable
printf '{"region": "count", "operations": %d, "loops": 1, "seconds": %d.%02d}\n' \
    "$counted" "$((took / 100))" "$((took % 100))"
