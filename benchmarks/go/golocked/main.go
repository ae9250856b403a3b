// Command golocked lets locked threads read random bytes and exit while locked: see README.md.
package main

import (
	"crypto/rand"
	"runtime"
	"sync"

	"pagewalk.dev/workloads/contract"
)

var (
	threads = &contract.Option{Name: "threads", Value: 64, Least: 1, Most: 4096}
	reads   = &contract.Option{Name: "reads", Value: 1, Least: 1, Most: 1 << 20}
	ended   uint64
)

// pass starts all threads, holds them at a gate until each has read, and lets them exit while locked.
func pass() uint64 {
	gate := make(chan struct{})
	var ready, done sync.WaitGroup
	for i := int64(0); i < threads.Value; i++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			// Never unlocked: when the goroutine returns, the runtime ends its thread.
			runtime.LockOSThread()
			var bytes [4]byte
			for j := int64(0); j < reads.Value; j++ {
				if _, err := rand.Read(bytes[:]); err != nil {
					panic(err)
				}
			}
			ready.Done()
			<-gate
		}()
	}
	ready.Wait()
	close(gate)
	done.Wait()
	ended += uint64(threads.Value)
	return uint64(threads.Value)
}

func main() {
	contract.Main(contract.Workload{
		Name:    "golocked",
		Options: []*contract.Option{threads, reads},
		Prepare: func(uint64) {},
		Pass:    pass,
		Check:   func() map[string]any { return map[string]any{"ended": ended} },
	})
}
