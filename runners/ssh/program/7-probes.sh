# shellcheck shell=sh
# Probes: breakpoints of the kernel's at functions of the workload (Documentation/trace/uprobetracer.rst). They stand
# for one execution and are named after it, so that whoever comes next can tell which of them nobody needs any more.

tracefs() { # the folder of the kernel's tracing, where there is one for us
    for folder in /sys/kernel/tracing /sys/kernel/debug/tracing; do
        if [ -d "$folder/events" ]; then
            echo "$folder"
            return
        fi
    done
    return 1
}

uprobes() { # whether probes can be placed: `writable`, or why not
    if ! folder=$(tracefs); then
        if [ -d /sys/kernel/tracing ] && [ ! -x /sys/kernel/tracing ]; then echo denied; else echo unmounted; fi
    elif [ ! -e "$folder/uprobe_events" ]; then
        echo absent
    elif [ -w "$folder/uprobe_events" ]; then
        echo writable
    else
        echo denied
    fi
}

tracepoints() { # those of what a time line is made of that are described here for us
    folder=$(tracefs) || return 0
    for name in syscalls:sys_enter_prctl signal:signal_deliver exceptions:page_fault_user exceptions:page_fault_kernel; do
        [ -r "$folder/events/${name%:*}/${name#*:}/id" ] && echo "$name"
    done
}

place() { # GROUP NUMBER FILE OFFSET [ARGUMENTS]: by way of a link, since the kernel takes no name with a space in it
    folder=$(tracefs) || return 1
    # Files that are laid out by hard links are one to the kernel, and a call would count twice.
    inode=$(ls -Ldi -- "$3" | sed 's/^ *\([0-9]*\).*/\1/')
    case " ${placed:-} " in *" $inode:$4 "*) return 0 ;; esac
    placed="${placed:-} $inode:$4"
    ln -s "$3" "$1.$2" || return 1
    echo "p:$1/p$2 ./$1.$2:$4${5:+ $5}" >>"$folder/uprobe_events" && return
    # The kernel's own words, where it is new enough to keep them (Linux 5.2).
    sed -n "/error: /h;/Command: .*$1\/p$2 /{x;s/^.*error: //p;x;}" "$folder/error_log" 2>/dev/null | tail -n 1 >&2
    return 1
}

stand_probes() { # what the job asks for; tells why it cannot be
    sweep_probes
    if probing 2>refused; then rm refused; else
        mv refused unprobed
        take_away "$id"
        return 1
    fi
}

standing() { # [ID]: our probes
    folder=$(tracefs) && sed -n "s/^[pr][0-9]*:\(pagewalk_job_${1:-[0-9a-f]*}_[0-9]*\/p[0-9]*\) .*/\1/p" "$folder/uprobe_events"
}

take_away() { # ID: its probes, which are busy until the last perf that counts them is gone
    for pause in 0 1 1 2 4 8; do
        names=$(standing "$1" 2>/dev/null)
        [ -n "$names" ] || return 0
        sleep "$pause"
        for name in $names; do echo "-:$name" >>"$(tracefs)/uprobe_events"; done 2>/dev/null
    done
}

sweep_probes() { # take away those of executions that nobody watches: killed ones, whose board was in no hurry to end
    names=$(standing 2>/dev/null)
    [ -n "$names" ] || return 0
    watchers=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\000' '\n' | grep -xE '[0-9a-f]{16}')
    for name in $names; do
        owner=${name#pagewalk_job_}
        case $NEWLINE$watchers$NEWLINE in
            *"$NEWLINE${owner%%_*}$NEWLINE"*) ;;
            *) echo "-:$name" >>"$(tracefs)/uprobe_events" ;;
        esac
    done 2>/dev/null
}

try_probe() { # ID: place a probe on this very text, which nobody executes, and let perf count it as a job does
    board=$(pwd)/$(basename "$0")
    scratch=probe.$1
    mkdir "$scratch" && cd "$scratch" || fail "it cannot make a folder in $(pwd)" "Make it writable there."
    if place "pagewalk_job_$1_0" 0 "$board" 0x0 2>refused; then
        perf stat -C 0 -D -1 -o /dev/null -e "pagewalk_job_$1_0:*" -- true >said 2>&1 </dev/null
        text status "$?"
        file said said
    else
        file unprobed refused
    fi
    take_away "$1"
    cd .. && rm -rf "$scratch"
    end
}
