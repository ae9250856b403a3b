// Command gosmall allocates small objects of one size: see README.md.
package main

import (
	"runtime"
	"unsafe"

	"pagewalk.dev/workloads/contract"
)

const objectsALoop = 4096

var (
	// Above 32 KiB an object is a span of its own: that is gospans.
	size       = &contract.Option{Name: "size", Value: 64, Least: 1, Most: 32 << 10}
	liveKiB    = &contract.Option{Name: "live-kib", Value: 4096, Least: 1, Most: 1 << 20}
	processors = contract.Processors()
)

var (
	ring []unsafe.Pointer // the objects alive; nil where none was allocated yet
	at   int
	made uint64
	// What the runtime had counted before the first object.
	mallocs uint64
)

func prepare(uint64) {
	contract.UseProcessors(processors)
	count := liveKiB.Value << 10 / size.Value
	if count == 0 {
		count = 1
	}
	ring = make([]unsafe.Pointer, count)
	mallocs = counted()
	fill()
}

// fill replaces every object alive.
func fill() {
	for i := range ring {
		ring[i] = allocate()
	}
	made += uint64(len(ring))
}

func drop() {
	for i := range ring {
		ring[i] = nil
	}
}

// allocate returns an object without pointers, written to once.
func allocate() unsafe.Pointer {
	object := make([]byte, size.Value)
	object[0] = 1
	return unsafe.Pointer(&object[0])
}

// pass replaces the oldest objects by new ones, each of which the collector may then have.
func pass() uint64 {
	for i := 0; i < objectsALoop; i++ {
		ring[at] = allocate()
		if at++; at == len(ring) {
			at = 0
		}
	}
	made += objectsALoop
	return objectsALoop
}

func check() map[string]any {
	return map[string]any{"made": made, "mallocs": counted() - mallocs}
}

// counted returns how many objects the runtime says it has allocated since the process began.
func counted() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

func memory() contract.Memory {
	return contract.Weigh(uint64(len(ring))*uint64(size.Value), fill, drop)
}

// facts tells what the objects take in spans: what is in use with them, less what is without.
func facts() map[string]any {
	empty := spanBytes()
	fill()
	full := spanBytes()
	runtime.KeepAlive(ring)
	return map[string]any{"live_objects": len(ring), "span_bytes": int64(full) - int64(empty)}
}

func spanBytes() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gosmall",
		Options: []*contract.Option{size, liveKiB, processors},
		Prepare: prepare,
		Pass:    pass,
		Check:   check,
		Memory:  memory,
		Facts:   facts,
	})
}
