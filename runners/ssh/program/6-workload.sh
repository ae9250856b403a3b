# shellcheck shell=sh
# Between the supervisor and the workload, one process each: count, witness, workload. All carry the mark.

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

SCRIPT=5242880 # bytes of a recording's text that are brought home

read_out() { # which events perf recorded, and what it prints of them, packed where the board can
    read_job
    exec </dev/null 2>>perf.said
    wc -c <perf.data >perf.bytes
    listing | head -c 65536 >perf.events
    if have gzip; then
        script | gzip -c | head -c "$SCRIPT" >perf.script.gz
    else
        script | head -c "$SCRIPT" >perf.script
    fi
}
