package contract

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
)

// Below this many bytes alive the runtime's own unrest outweighs them.
const leastWeighed = 1 << 20

// Memory is what the workload's values took: bytes alive, the growth of the resident set while they were, and the whole
// resident set when all were dropped and collected. What is not known is 0, and left out.
type Memory struct {
	Live     uint64 `json:"live_bytes,omitempty"`
	Resident uint64 `json:"resident_bytes,omitempty"`
	Settled  uint64 `json:"settled_bytes,omitempty"`
}

// Weigh drops the values, builds them again and drops them, and returns what they took on the way.
// With little to weigh it builds nothing and knows only what stays.
func Weigh(live uint64, build, drop func()) Memory {
	drop()
	empty := settledResident()
	if live < leastWeighed || empty == 0 {
		return Memory{Settled: empty}
	}
	build()
	full := settledResident()
	drop()
	found := Memory{Settled: settledResident()}
	if full > empty {
		found.Live, found.Resident = live, full-empty
	}
	return found
}

// settledResident returns the resident set once all that is dead was given back to the kernel; 0 where nobody tells.
func settledResident() uint64 {
	// Once before: what a sync.Pool holds survives one collection.
	runtime.GC()
	debug.FreeOSMemory()
	// proc_pid_statm(5): size, resident …, in pages.
	text, err := os.ReadFile("/proc/self/statm")
	fields := bytes.Fields(text)
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 48)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}
