// Command gospawn starts goroutines that end at once: see README.md.
package main

import (
	"sync"
	"sync/atomic"

	"pagewalk.dev/workloads/contract"
)

const startsALoop = 1024

var (
	// How much of its stack a goroutine uses: above 2 KiB the stack has to grow.
	stack      = &contract.Option{Name: "stack-bytes", Value: 0, Most: 64 << 10}
	processors = contract.Processors()
)

const frame = 256

var started, depth atomic.Uint64

// descend uses so many frames of the stack, and counts them.
//
//go:noinline
func descend(frames int64) uint64 {
	var local [frame]byte
	if frames <= 0 {
		return 0
	}
	local[frames%frame] = 1
	return descend(frames-1) + uint64(local[frames%frame])
}

func pass() uint64 {
	frames := stack.Value / frame
	var ended sync.WaitGroup
	ended.Add(startsALoop)
	for i := 0; i < startsALoop; i++ {
		go func() {
			depth.Add(descend(frames))
			started.Add(1)
			ended.Done()
		}()
	}
	ended.Wait()
	return startsALoop
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gospawn",
		Options: []*contract.Option{stack, processors},
		Prepare: func(uint64) { contract.UseProcessors(processors) },
		Pass:    pass,
		Check:   func() map[string]any { return map[string]any{"started": started.Load(), "frames": depth.Load()} },
	})
}
