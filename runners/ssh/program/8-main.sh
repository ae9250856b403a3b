# shellcheck shell=sh
# What is asked for.

case ${1:-} in
    facts | perf_events | try_probe | push | tree | run | forget | stop)
        echo "pagewalk 1"
        "$@"
        ;;
    supervise | answer | count | witness | workload | read_out) "$@" ;;
    executes) echo yes ;; # asked by path, not by `sh`, where `noexec` would not be seen
    *)
        echo "pagewalk: no verb ${1:-}" >&2
        exit 64
        ;;
esac
