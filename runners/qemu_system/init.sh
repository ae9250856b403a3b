#!/bin/busybox sh
# The first process of a guest, and all that serves in it: one question after the other, each whole, over a
# virtio-serial port. A question is `BYTES COMMAND` on a line and that many bytes, which become the command's
# stdin; the answer is a line with a number and that many bytes of its stdout.
/bin/busybox --install -s /bin
export PATH=/bin

mount -t proc none /proc
mount -t sysfs none /sys
mount -t tracefs none /sys/kernel/tracing
mount -t devtmpfs none /dev
mount -t tmpfs -o size=75% none /run
echo -1 >/proc/sys/kernel/perf_event_paranoid
echo 1 >/proc/sys/debug/exception-trace
echo 0 >/proc/sys/kernel/nmi_watchdog 2>/dev/null
mkdir /run/home /run/home/tmp
mount -o bind /run/home/tmp /tmp
cd /run/home || exit 1

port=
for name in /sys/class/virtio-ports/*/name; do
    [ "$(cat "$name")" = pagewalk ] && port=/dev/$(basename "$(dirname "$name")")
done
[ -n "$port" ] || echo "pagewalk: there is no virtio-serial port of that name"
exec 3<>"$port"
echo ready >&3

while read -r bytes command <&3; do
    head -c "$bytes" <&3 >/run/question
    sh -c "$command" </run/question >/run/answer 3>&-
    wc -c </run/answer >&3
    cat /run/answer >&3
done
echo "pagewalk: nobody asks any more"
poweroff -f
