// Command gospans allocates large spans across the 64 MiB arenas of Go's heap: see README.md.
package main

import (
	"runtime"
	"unsafe"

	"pagewalk.dev/workloads/contract"
)

const (
	arena = 64 << 20
	page  = 4096
)

var (
	spanMiB = &contract.Option{Name: "span-mib", Value: 96, Least: 1, Most: 1024}
	live    = &contract.Option{Name: "live", Value: 4, Least: 1, Most: 1024}
	touch   = &contract.Option{Name: "touch", Value: 16, Least: 1, Most: 1 << 18}
)

var (
	spans  [][]byte
	arenas = map[uintptr]bool{}
	made   int
)

// pass replaces one span of the ring by a new one and touches every `touch`-th page of it.
func pass() uint64 {
	size := int(spanMiB.Value) << 20
	at := made % len(spans)
	spans[at] = nil
	span := make([]byte, size)
	for i := 0; i < size; i += page * int(touch.Value) {
		span[i] = byte(i)
	}
	spans[at] = span
	made++
	return 1
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gospans",
		Options: []*contract.Option{spanMiB, live, touch},
		Prepare: func(uint64) {
			spans = make([][]byte, live.Value)
			for range spans {
				pass()
			}
		},
		Pass: pass,
		Check: func() map[string]any {
			held := 0
			for _, span := range spans {
				held += len(span)
				first := uintptr(unsafe.Pointer(&span[0]))
				for at := first / arena; at <= (first+uintptr(len(span))-1)/arena; at++ {
					arenas[at] = true
				}
			}
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			return map[string]any{"made": made, "held_bytes": held, "arenas": len(arenas), "heap_sys": stats.HeapSys}
		},
	})
}
