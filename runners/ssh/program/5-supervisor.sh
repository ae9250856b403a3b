# shellcheck shell=sh
# One execution from its begin to its end, whether anybody listens or not.

HEAD=1048577 # a byte more than is kept of stdout, so that too much is seen to be too much
TAIL=65536

supervise() { # ID: see to one execution from its begin to its end, whether anybody listens or not
    trap : HUP INT # not ignored, lest the workload inherit that
    id=$1
    board=$(pwd)/$(basename "$0")
    exec 9>turn
    cd "jobs/$id" || exit 1
    echo "$$" >supervisor
    read_job
    turn || { conclude busy && exit 0; }
    [ "$probed" = no ] || stand_probes || { conclude && exit 0; }
    mkdir work
    heat >heat.before
    # Made while there is room, and taken away when all was kept: a full disk can forge no end.
    : >out.unkept
    : >err.unkept
    mkfifo control acknowledge count.control count.acknowledge record.control record.acknowledge out.pipe err.pipe
    exec 4<>control 5<>acknowledge
    keep out 9>&- & keepers=$!
    keep err 9>&- & keepers="$keepers $!"
    marked sh "$board" answer &
    leader=
    if have setsid; then
        marked setsid sh "$board" count &
        leader=$!
    else
        marked sh "$board" count &
    fi
    counting=$!
    later "$timeout" out_of_time
    # A signal to us ends a wait, not what is waited for.
    until wait "$counting" || ! kill -0 "$counting" 2>/dev/null; do :; done
    heat >heat.after
    cancel
    sweep
    [ "$probed" = no ] || take_away "$id"
    # With all writers dead the keepers come to an end, unless one of those could not be killed.
    # shellcheck disable=SC2086 # two numbers
    later 5 kill $keepers
    for keeper in $keepers; do wait "$keeper"; done
    cancel
    [ "$recorded" = no ] || read_back
    conclude
}

read_back() { # what perf recorded, as text: it may take long, and is no time of the workload's
    leader=
    marked sh "$board" read_out &
    reading=$!
    later "$((timeout + 60))" sweep
    until wait "$reading" || ! kill -0 "$reading" 2>/dev/null; do :; done
    cancel
    rm -f perf.data
}

read_job() { # gives `counting` and `execute`; `listing` and `script` where recorded, `probing` where probed
    timeout=60
    counted=no
    recorded=no
    probed=no
    cpu=0
    # shellcheck source=/dev/null
    . ./job
}

turn() { # one execution at a time on this board, whoever asks; a lock that ends with its owner
    have flock || return 0
    waited=0
    until flock -n 9; do
        [ "$waited" -lt "$timeout" ] || return 1
        sleep 1
        waited=$((waited + 1))
    done
}

marked() { # COMMAND …, in the background: what dies with this execution, whoever ends it
    exec env -i "PAGEWALK_RUN=$id" "PATH=$PATH" LC_ALL=C "$@" 9>&-
}

keep() { # NAME: the head and the tail of a stream, however long it is
    exec 4>&- 5>&- <"$1.pipe"
    head -c "$HEAD" >"$1"
    headed=$?
    tail -c "$TAIL" >"$1.tail" && [ "$headed" = 0 ] && rm "$1.unkept"
}

answer() { # the other end of the control channel: pass it on to perf, look at the workload while it stands still
    read_job
    exec 6<>count.control 7<>count.acknowledge 8<>record.control 9<>record.acknowledge
    while read -r word <&4; do
        case $word in
            enable | disable)
                if [ "$counted" = yes ]; then
                    echo "$word" >&6
                    read -r _ <&7
                fi
                if [ "$recorded" = yes ]; then
                    echo "$word" >&8
                    read -r _ <&9
                fi
                ;;
            *) [ -e defect ] || printf '%.40s' "$word" >defect ;;
        esac
        [ "$word" = disable ] && peak
        echo ack >&5
    done
}

peak() { # VmHWM of the workload's image, in kB
    read -r pid <pid || return
    while read -r key value _; do
        if [ "$key" = VmHWM: ]; then echo "$value" >peak; fi
    done <"/proc/$pid/status"
}

later() { # SECONDS COMMAND …: do it then, unless `cancel` comes first
    (
        # $! is of the sleep as soon as there is one; until then it is what it was before.
        before=${!:-}
        trap '[ "${!:-}" = "$before" ] || kill "$!" 2>/dev/null; exit 0' TERM
        marked sleep "$1" &
        shift
        wait "$!" && "$@"
    ) &
    dog=$!
}

cancel() {
    kill "$dog" 2>/dev/null
    wait "$dog"
}

out_of_time() {
    : >timed-out
    sweep
    # Whoever should do it may have been killed.
    [ "$probed" = no ] || take_away "$id"
}

sweep() { # kill all that carries the mark of this execution, also what left its process group
    [ -n "${leader:-}" ] && kill -9 "-$leader" 2>/dev/null
    rounds=0
    while [ "$rounds" -lt 20 ]; do
        found=$(grep -lF "PAGEWALK_RUN=$id" /proc/[0-9]*/environ 2>/dev/null)
        [ -n "$found" ] || return 0
        for environ in $found; do
            pid=${environ#/proc/}
            kill -9 "${pid%/environ}" 2>/dev/null
        done
        rounds=$((rounds + 1))
        [ "$rounds" -lt 5 ] || sleep 1
    done
}

conclude() { # [busy]: write down whole how it ended
    status=$(cat status 2>/dev/null)
    if [ "${status:-0}" -gt 128 ]; then dmesg 2>/dev/null | tail -n 50 >kernel; fi
    {
        echo "busy=${1:-}"
        echo "unkept=$(ls -- *.unkept 2>/dev/null)"
        echo "status=$status"
        echo "timed_out=$([ -e timed-out ] && echo yes)"
        echo "pid=$(cat pid 2>/dev/null)"
        echo "peak=$(cat peak 2>/dev/null)"
        echo "began=$(cat began 2>/dev/null)"
        echo "load=$(cat /proc/loadavg)"
        echo "khz=$(khz "$cpu")"
    } >ending.part && mv ending.part ending
}
