// Command gocgo assigns to a map right after a call to C: see README.md.
package main

/*
#include <stdint.h>

static uint64_t calls;

// Not inlined and not free: Go calls what is really there.
__attribute__((noinline)) static uint64_t count(uint64_t by) { return calls += by; }
static uint64_t counted(void) { return calls; }
*/
import "C"

import (
	"runtime"

	"pagewalk.dev/workloads/contract"
)

const callsALoop = 1024

var (
	elements   = &contract.Option{Name: "elements", Value: 4096, Least: 1, Most: 1 << 20}
	processors = contract.Processors()
)

// record is a cache line, so that what is assigned over makes work for the collector.
type record struct {
	told uint64
	_    [56]byte
}

var (
	values map[uint64]*record
	key    uint64
)

// pass calls C, and puts a new object with what C said into a full map: there is always something to collect.
func pass() uint64 {
	for i := 0; i < callsALoop; i++ {
		values[key] = &record{told: uint64(C.count(1))}
		if key++; key == uint64(elements.Value) {
			key = 0
		}
	}
	return callsALoop
}

func check() map[string]any {
	var sum uint64
	for _, value := range values {
		sum += value.told
	}
	return map[string]any{"calls": uint64(C.counted()), "elements": len(values), "sum": sum}
}

func facts() map[string]any {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return map[string]any{"collections": stats.NumGC}
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gocgo",
		Options: []*contract.Option{elements, processors},
		Prepare: func(uint64) {
			contract.UseProcessors(processors)
			values = map[uint64]*record{}
			for i := uint64(0); i < uint64(elements.Value); i++ {
				values[i] = &record{}
			}
		},
		Pass:  pass,
		Check: check,
		Facts: facts,
	})
}
