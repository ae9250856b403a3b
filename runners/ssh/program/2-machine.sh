# shellcheck shell=sh
# What this machine is.

facts() { # clean up after those who went away, and tell what this machine is
    forget_the_dead
    sweep_probes
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
    text no_turbo "$(cat /sys/devices/system/cpu/intel_pstate/no_turbo 2>/dev/null)"
    text boost "$(cat /sys/devices/system/cpu/cpufreq/boost 2>/dev/null)"
    text smt "$(cat /sys/devices/system/cpu/smt/active 2>/dev/null)"
    text microcode "$(cat /sys/devices/system/cpu/cpu0/microcode/version 2>/dev/null)"
    text page_size "$(getconf PAGESIZE 2>/dev/null || sed -n 's/^KernelPageSize: *\([0-9]*\) kB/\1 kB/p;/^Kern/q' /proc/self/smaps)"
    text huge_pages "$(cat /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null)"
    text defrag "$(cat /sys/kernel/mm/transparent_hugepage/defrag 2>/dev/null)"
    text aslr "$(cat /proc/sys/kernel/randomize_va_space 2>/dev/null)"
    text paranoid "$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null)"
    text pmu "$(ls /sys/bus/event_source/devices/armv[89]*/events 2>/dev/null)"
    text watchdog "$(cat /proc/sys/kernel/nmi_watchdog 2>/dev/null)"
    text caches "$(cat /sys/devices/system/cpu/cpu0/cache/index*/level 2>/dev/null)"
    text uprobes "$(uprobes)"
    text tracepoints "$(tracepoints)"
    text load "$(cat /proc/loadavg)"
    text khz "$(khz 0)"
    text heat "$(heat)"
    text room "$(room)"
    text executes "$(chmod 700 "$0" && "$0" executes 2>/dev/null)"
    text tells_signals "$(exec 2>&1; sh -c 'kill -SEGV $$'; :)"
    for tool in perf setsid flock taskset sha256sum; do have "$tool" && text "tool_$tool" "$(command -v "$tool")"; done
    end
}

khz() { cat "/sys/devices/system/cpu/cpu$1/cpufreq/scaling_cur_freq" 2>/dev/null; }

heat() { # what holds processors down just now, and slowdowns since the start; nothing where nobody tells
    for device in /sys/class/thermal/cooling_device*; do
        case $(cat "$device/type" 2>/dev/null) in
            cpufreq-* | thermal-cpufreq-* | Processor*) echo "limit $(cat "$device/cur_state" 2>/dev/null)" ;;
        esac
    done
    for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
        [ -d "$cpu/thermal_throttle" ] || continue
        echo "core $(cat "$cpu/thermal_throttle/core_throttle_count" 2>/dev/null)"
        echo "package$(cat "$cpu/topology/physical_package_id") $(cat "$cpu/thermal_throttle/package_throttle_count")"
    done 2>/dev/null
}

forget_the_dead() { # what was never fetched, after a day; a clock that jumps makes nobody old who lives
    [ -d jobs ] || return 0
    find jobs -mindepth 1 -maxdepth 1 -mmin +1440 2>/dev/null | while IFS= read -r job; do
        watched "$job" || rm -rf "$job"
    done
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
