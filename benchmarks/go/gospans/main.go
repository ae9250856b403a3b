// Command gospans allocates large spans across the arenas of Go's heap: see README.md.
package main

import (
	"math/bits"
	"runtime"
	"unsafe"

	"pagewalk.dev/workloads/contract"
)

const (
	is64 = bits.UintSize / 64
	// runtime/malloc.go, heapArenaBytes on Linux: 64 MiB on 64 bits, 4 MiB on 32.
	arena = 4 << 20 << (4 * is64)
	page  = 4096
)

var (
	spanMiB     = &contract.Option{Name: "span-mib", Value: 96*is64 + 6*(1-is64), Least: 1, Most: 1024}
	allocations = &contract.Option{Name: "allocations", Value: 4, Least: 1, Most: 1 << 20}
	live        = &contract.Option{Name: "live", Value: 2, Least: 1, Most: 1024}
	touch       = &contract.Option{Name: "touch", Value: 16, Least: 1, Most: 1 << 18}
)

var (
	spans           [][]byte
	made, crossings uint64
)

// pass allocates spans into a ring of `live`, so that older ones become garbage, then drops all and collects.
func pass() uint64 {
	for i := int64(0); i < allocations.Value; i++ {
		at := i % live.Value
		// Dropped first, so that the collector may have the old one while the new one is sought.
		spans[at] = nil
		spans[at] = allocate(int(spanMiB.Value) << 20)
	}
	for at := range spans {
		spans[at] = nil
	}
	runtime.GC()
	return uint64(allocations.Value)
}

// allocate returns a span of which every `touch`-th page was written to.
func allocate(size int) []byte {
	span := make([]byte, size)
	for i := 0; i < size; i += page * int(touch.Value) {
		span[i] = byte(i)
	}
	first := uintptr(unsafe.Pointer(&span[0]))
	crossings += uint64((first+uintptr(size)-1)/arena - first/arena)
	made++
	return span
}

func check() map[string]any {
	return map[string]any{"spans": made, "span_bytes": spanMiB.Value << 20, "boundaries_crossed": crossings}
}

func facts() map[string]any {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return map[string]any{"heap_sys_bytes": stats.HeapSys, "collections": stats.NumGC}
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gospans",
		Options: []*contract.Option{spanMiB, allocations, live, touch},
		Prepare: func(uint64) { spans = make([][]byte, live.Value) },
		Pass:    pass,
		Check:   check,
		Facts:   facts,
	})
}
