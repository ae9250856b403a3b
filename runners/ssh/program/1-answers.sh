#!/bin/sh
# What a board does for pagewalk: keep files by content, execute one workload, tell what it left.
#
# These files become one program on the board, which stands in the folder that everything is kept in and is asked
# `sh board-….sh VERB …`. It needs a POSIX sh, a Linux /proc and the tools of any busybox; perf, setsid, flock and
# taskset are used where they are there. The answer on stdout is `pagewalk 1`, then sections (`NAME BYTES`, that
# many bytes, a newline), then `end`: whoever sees no `end` was cut off.
set -u
umask 077
LC_ALL=C
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
export LC_ALL PATH

have() { command -v "$1" >/dev/null 2>&1; }

file() { # NAME PATH
    printf '%s %d\n' "$1" "$(wc -c <"$2")"
    cat "$2"
    echo
}

text() { # NAME TEXT
    size=${#2}
    # A busybox that was built for it counts characters, whatever the locale is by now.
    case $2 in *[!-~[:space:]]*) size=$(printf %s "$2" | wc -c) ;; esac
    printf '%s %d\n%s\n' "$1" "$size" "$2"
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
