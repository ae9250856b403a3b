#!/bin/sh
# What a board does for pagewalk: keep files by content, execute one workload, tell what it left.
#
# Usage: sh board.sh VERB …, in the folder that everything is kept in. Needs a POSIX sh, a Linux /proc and the
# tools of any busybox; perf, setsid, flock and taskset are used where they are there.
# The answer on stdout is `pagewalk 1`, then sections (`NAME BYTES`, that many bytes, a newline), then `end`:
# whoever sees no `end` was cut off.
set -u
umask 077
LC_ALL=C
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
export LC_ALL PATH

NEWLINE='
'
HEAD=1048577 # a byte more than is kept of stdout, so that too much is seen to be too much
TAIL=65536
ROOM=4096 # KiB that must be free: what one execution can leave, and some more

have() { command -v "$1" >/dev/null 2>&1; }

# --- answers

file() { # NAME PATH
    printf '%s %d\n' "$1" "$(wc -c <"$2")"
    cat "$2"
    echo
}

text() { # NAME TEXT
    printf '%s %d\n%s\n' "$1" "${#2}" "$2"
}

end() {
    echo end
    exit 0
}

fail() { # WHAT REMEDY
    text failed "$1"
    text remedy "$2"
    end
}

# --- the machine

facts() { # clean up after those who went away, and tell what this machine is
    [ -d jobs ] && find jobs -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} + 2>/dev/null
    text folder "$(pwd -P)"
    text system "$(uname -s)"
    text kernel "$(uname -r)"
    text version "$(uname -v)"
    text arch "$(uname -m)"
    text cpuinfo "$(head -c 65536 /proc/cpuinfo)"
    text meminfo "$(head -c 4096 /proc/meminfo)"
    text model "$(tr -d '\000' </proc/device-tree/model 2>/dev/null)"
    text cpus "$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)"
    text governor "$(cat /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor 2>/dev/null | sort -u)"
    text page_size "$(getconf PAGESIZE 2>/dev/null || sed -n 's/^KernelPageSize: *\([0-9]*\) kB/\1 kB/p;/^Kern/q' /proc/self/smaps)"
    text huge_pages "$(cat /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null)"
    text defrag "$(cat /sys/kernel/mm/transparent_hugepage/defrag 2>/dev/null)"
    text aslr "$(cat /proc/sys/kernel/randomize_va_space 2>/dev/null)"
    text paranoid "$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null)"
    text pmu "$(ls /sys/bus/event_source/devices/armv8*/events 2>/dev/null)"
    text watchdog "$(cat /proc/sys/kernel/nmi_watchdog 2>/dev/null)"
    text caches "$(cat /sys/devices/system/cpu/cpu0/cache/index*/level 2>/dev/null)"
    text load "$(cat /proc/loadavg)"
    text room "$(room)"
    text tells_signals "$(exec 2>&1; sh -c 'kill -SEGV $$'; :)"
    for tool in perf setsid flock taskset sha256sum; do have "$tool" && text "tool_$tool" "$(command -v "$tool")"; done
    end
}

room() { df -Pk . 2>/dev/null | sed -n '$s/^.* \([0-9][0-9]*\)  *[0-9][0-9]*% .*$/\1/p'; }

perf_events() { # EVENTS: count `true`, and see whether perf can be switched on and off
    have perf || fail "perf is not installed on the board" "Install it there: apt-get install linux-perf"
    scratch=perf.$$
    mkdir "$scratch" && mkfifo "$scratch/c" "$scratch/a"
    perf stat -x, -o "$scratch/csv" -e "$1" -- true >"$scratch/said" 2>&1 </dev/null
    text status "$?"
    file said "$scratch/said"
    [ -e "$scratch/csv" ] && file csv "$scratch/csv"
    perf stat -x, -o "$scratch/control" -D -1 "--control=fifo:$scratch/c,$scratch/a" -e task-clock -- true \
        >/dev/null 2>&1 </dev/null
    text control "$?"
    rm -rf "$scratch"
    end
}

# --- files by content

push() { # SHA256 BYTES: keep what comes on stdin
    mkdir -p files
    part=files/$1.$$.part
    cat >"$part" 2>/dev/null
    found=$(wc -c <"$part" 2>/dev/null || echo 0)
    if [ "$found" -ne "$2" ]; then
        rm -f "$part"
        fail "it kept $found of $2 bytes: $(room) KiB are free in $(pwd)" "Make room there, or name another folder."
    fi
    if have sha256sum && [ "$(sha256sum <"$part")" != "$1  -" ]; then
        rm -f "$part"
        fail "what arrived is not what was sent: its sha256 is another" "Look for a bad disk or bad memory there."
    fi
    if ! { chmod 755 "$part" && mv "$part" "files/$1"; }; then fail "it cannot rename $part" "Make $(pwd) writable there."; fi
    end
}

tree() { # NAME: lay out files under their paths; `SHA256 PATH` a line on stdin, `.` the last; tell what is missing
    if [ -d "trees/$1" ]; then end; fi
    part=trees/$1.$$.part
    missing=
    last=
    mkdir -p files "$part"
    while IFS= read -r last && [ "$last" != . ]; do
        sha=${last%% *}
        path=$part/${last#* }
        if [ ! -e "files/$sha" ]; then
            missing=$missing$sha$NEWLINE
            continue
        fi
        mkdir -p "${path%/*}"
        ln "files/$sha" "$path" 2>/dev/null || cp "files/$sha" "$path" || missing=cannot
    done
    if [ -z "$missing" ] && [ "$last" = . ]; then
        mv "$part" "trees/$1" 2>/dev/null && end
        missing=cannot
    fi
    rm -rf "$part"
    [ "$missing" = cannot ] && fail "it cannot lay out files in $(pwd)/trees" "Make room there: $(room) KiB are free."
    text missing "$missing"
    end
}

# --- one execution

run() { # ID BYTES TREE: execute the job that comes on stdin, and tell what it left
    job=jobs/$1
    [ -d "trees/$3" ] || { text untreed "$3" && end; }
    free=$(room)
    [ "${free:-$ROOM}" -ge "$ROOM" ] || fail "$free KiB are free in $(pwd)" "Free $ROOM KiB there, or name another folder."
    if ! { mkdir -p jobs && mkdir "$job"; }; then fail "it cannot make a folder in $(pwd)/jobs" "Make it writable there."; fi
    cat >"$job/job.part"
    if [ "$(wc -c <"$job/job.part")" -ne "$2" ]; then
        rm -rf "$job"
        fail "it kept less than the whole job" "Make room in $(pwd) there."
    fi
    mv "$job/job.part" "$job/job"
    if have setsid; then
        setsid sh "$0" supervise "$1" </dev/null >/dev/null 2>&1 &
    else
        sh "$0" supervise "$1" </dev/null >/dev/null 2>&1 &
    fi
    wait "$!"
    fetch "$1"
}

fetch() { # ID: wait until it has ended, and tell what it left
    job=jobs/$1
    [ -e "$job/job" ] || { text unknown "$1" && end; }
    waited=0
    until [ -e "$job/ending" ]; do
        # Nobody has begun for five seconds, or whoever had is gone.
        if [ "$waited" -ge 5 ] && ! kill -0 "$(cat "$job/supervisor" 2>/dev/null)" 2>/dev/null && [ ! -e "$job/ending" ]; then
            fail "nobody watches the execution any more, and it left no result" "Did the board restart, or run out of room?"
        fi
        sleep 1
        waited=$((waited + 1))
    done
    for name in ending out out.tail err err.tail said kernel perf.csv perf.said defect; do
        [ -e "$job/$name" ] && file "$name" "$job/$name"
    done
    end
}

forget() { # ID
    rm -rf "jobs/$1"
    end
}

stop() { # ID: kill it and forget it
    id=$1
    sweep
    waited=0
    while [ -e "jobs/$1/supervisor" ] && [ ! -e "jobs/$1/ending" ] && [ "$waited" -lt 10 ]; do
        sweep
        sleep 1
        waited=$((waited + 1))
    done
    forget "$1"
}

supervise() { # ID: see to one execution from its begin to its end, whether anybody listens or not
    trap : HUP INT # not ignored, lest the workload inherit that
    id=$1
    board=$(pwd)/$(basename "$0")
    exec 9>turn
    cd "jobs/$id" || exit 1
    echo "$$" >supervisor
    read_job
    turn || { conclude busy && exit 0; }
    mkdir work
    mkfifo control acknowledge perf.control perf.acknowledge out.pipe err.pipe
    exec 4<>control 5<>acknowledge
    keep out 9>&- & keepers=$!
    keep err 9>&- & keepers="$keepers $!"
    answer 9>&- & answers=$!
    leader=
    if have setsid; then
        setsid env -i "PAGEWALK_RUN=$id" "PATH=$PATH" LC_ALL=C sh "$board" count 9>&- &
        leader=$!
    else
        env -i "PAGEWALK_RUN=$id" "PATH=$PATH" LC_ALL=C sh "$board" count 9>&- &
    fi
    counting=$!
    later "$timeout" out_of_time
    wait "$counting"
    cancel
    sweep
    kill "$answers" 2>/dev/null
    # With all writers dead the keepers come to an end, unless one of those could not be killed.
    # shellcheck disable=SC2086 # two numbers
    later 5 kill $keepers
    for keeper in $keepers; do wait "$keeper"; done
    cancel
    conclude
}

read_job() { # gives `timeout`, `counted`, `counting` and `execute`
    timeout=60
    counted=no
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

keep() { # NAME: the head and the tail of a stream, however long it is
    exec 4>&- 5>&- <"$1.pipe"
    head -c "$HEAD" >"$1"
    tail -c "$TAIL" >"$1.tail"
}

answer() { # the other end of the control channel: pass it on to perf, look at the workload while it stands still
    exec 6<>perf.control 7<>perf.acknowledge
    while read -r word <&4; do
        case $word in
            enable | disable)
                if [ "$counted" = yes ]; then
                    echo "$word" >&6
                    read -r _ <&7
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
        sleep "$1" 9>&- &
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
}

sweep() { # kill all that carries the mark of this execution, also what left its process group
    [ -n "${leader:-}" ] && kill -9 "-$leader" 2>/dev/null
    rounds=0
    while [ "$rounds" -lt 20 ]; do
        marked=$(grep -lF "PAGEWALK_RUN=$id" /proc/[0-9]*/environ 2>/dev/null)
        [ -n "$marked" ] || return 0
        for environ in $marked; do
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
        echo "status=$status"
        echo "timed_out=$([ -e timed-out ] && echo yes)"
        echo "pid=$(cat pid 2>/dev/null)"
        echo "peak=$(cat peak 2>/dev/null)"
        echo "began=$(cat began 2>/dev/null)"
        echo "load=$(cat /proc/loadavg)"
    } >ending.part && mv ending.part ending
}

# --- between the supervisor and the workload, one process each; all carry the mark

count() { # in the job's folder: execute the witness, under perf where the job says so
    read_job
    exec 8>err.pipe >out.pipe 2>perf.said </dev/null
    counting sh "$0" witness
}

witness() { # a shell tells the signal that ended its child in words, on its own stderr: so exit 139 is no SIGSEGV
    # shellcheck disable=SC3045 # in every shell that we know
    ulimit -c 0 2>/dev/null
    exec 2>said
    read -r began _ </proc/uptime
    echo "$began" >began
    sh "$0" workload
    echo "$?" >status
}

workload() {
    read_job
    echo "$$" >pid
    cd work || exit 125
    exec 2>&8 8>&-
    execute
}

case ${1:-} in
    facts | perf_events | push | tree | run | fetch | forget | stop)
        echo "pagewalk 1"
        "$@"
        ;;
    supervise | count | witness | workload) "$@" ;;
    *)
        echo "board.sh: no verb ${1:-}" >&2
        exit 64
        ;;
esac
