// Command golocked lets locked threads read random bytes and exit while locked: see README.md.
package main

import (
	"crypto/rand"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"pagewalk.dev/workloads/contract"
)

var (
	threads = &contract.Option{Name: "threads", Value: 64, Least: 1, Most: 4096}
	reads   = &contract.Option{Name: "reads", Value: 1, Least: 1, Most: 1 << 20}
)

var (
	ended   uint64
	bytes   atomic.Int64
	reading atomic.Int64 // nanoseconds, all threads
)

// readBytes reads what one thread is to read, and adds up how long that took.
func readBytes() {
	var buffer [4]byte
	var read int64
	begin := time.Now()
	for i := int64(0); i < reads.Value; i++ {
		n, err := rand.Read(buffer[:])
		if err != nil {
			panic(err)
		}
		read += int64(n)
	}
	bytes.Add(read)
	reading.Add(int64(time.Since(begin)))
}

// pass starts all threads, holds them at a gate until each has read, and lets them exit while locked.
func pass() uint64 {
	gate := make(chan struct{})
	var ready, done sync.WaitGroup
	ready.Add(int(threads.Value))
	done.Add(int(threads.Value))
	for i := int64(0); i < threads.Value; i++ {
		go func() {
			defer done.Done()
			// Never unlocked: when the goroutine returns, the runtime ends its thread.
			runtime.LockOSThread()
			readBytes()
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
		Check:   func() map[string]any { return map[string]any{"ended": ended, "bytes": bytes.Load()} },
		Facts: func() map[string]any {
			return map[string]any{"read_seconds_per_thread": float64(reading.Load()) * 1e-9 / float64(ended)}
		},
	})
}
