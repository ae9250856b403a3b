# shellcheck shell=sh
# What is asked for.

case ${1:-} in
    facts | perf_events | push | tree | run | forget | stop)
        echo "pagewalk 1"
        "$@"
        ;;
    supervise | answer | count | witness | workload) "$@" ;;
    *)
        echo "pagewalk: no verb ${1:-}" >&2
        exit 64
        ;;
esac
