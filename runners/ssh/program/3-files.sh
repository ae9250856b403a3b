# shellcheck shell=sh
# Files by content, and laid out under the paths that a workload's command line names.

NEWLINE='
'

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
