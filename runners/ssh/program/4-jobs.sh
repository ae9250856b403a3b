# shellcheck shell=sh
# Executions as whoever measures sees them: begun, waited for, fetched whole, forgotten.

ROOM=4096 # KiB that must be free: what one execution can leave, and some more

run() { # ID BYTES TREE [ID]: execute the job that comes on stdin, and tell what it left; forget another one
    # Asked again for the same one, since the answer was lost, it waits for the result of the first.
    [ -z "${4:-}" ] || rm -rf "jobs/$4"
    job=jobs/$1
    part=$job/job.$$
    [ -d "trees/$3" ] || { text untreed "$3" && end; }
    free=$(room)
    [ "${free:-$ROOM}" -ge "$ROOM" ] || fail "$free KiB are free in $(pwd)" "Free $ROOM KiB there, or name another folder."
    mkdir -p "$job" || fail "it cannot make a folder in $(pwd)/jobs" "Make it writable there."
    cat >"$part" 2>/dev/null
    if [ "$(wc -c <"$part" 2>/dev/null || echo 0)" -ne "$2" ]; then
        rm -f "$part"
        rmdir "$job" 2>/dev/null
        fail "it kept less than the whole job" "Make room in $(pwd) there."
    fi
    if mkdir "$job/begun" 2>/dev/null; then
        mv "$part" "$job/job"
        if have setsid; then
            setsid sh "$0" supervise "$1" </dev/null >/dev/null 2>&1 &
        else
            sh "$0" supervise "$1" </dev/null >/dev/null 2>&1 &
        fi
        wait "$!"
    fi
    rm -f "$part"
    tell "$1"
}

tell() { # ID: wait until it has ended, and tell what it left
    job=jobs/$1
    waited=0
    until [ -e "$job/ending" ]; do
        # Whoever had begun is gone, or nobody has begun for ten seconds.
        if { [ -s "$job/supervisor" ] || [ "$waited" -ge 10 ]; } && ! watched "$job" && [ ! -e "$job/ending" ]; then
            fail "nobody watches the execution any more, and it left no result" "Did the board restart, or run out of room?"
        fi
        sleep 1
        waited=$((waited + 1))
    done
    recording="perf.bytes perf.events perf.script perf.script.gz"
    # shellcheck disable=SC2086 # names without spaces
    for name in ending out out.tail err err.tail said kernel heat.before heat.after perf.csv perf.said $recording unprobed defect; do
        [ -e "$job/$name" ] && file "$name" "$job/$name"
    done
    end
}

watched() { # JOB: whether its supervisor is there, and not just another process of that number
    pid=$(cat "$1/supervisor" 2>/dev/null) && tr '\000' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "${1##*/}"
}

forget() { # ID
    rm -rf "jobs/$1"
    end
}

stop() { # ID: kill it and forget it
    id=$1
    sweep
    waited=0
    while watched "jobs/$1" && [ "$waited" -lt 10 ]; do
        sweep
        sleep 1
        waited=$((waited + 1))
    done
    take_away "$1"
    forget "$1"
}
