// Command golocked lets locked threads read random bytes and exit while locked: see README.md.
package main

import (
	"crypto/rand"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pagewalk.dev/workloads/contract"
)

var (
	threads = &contract.Option{Name: "threads", Value: 64, Least: 1, Most: 4096}
	reads   = &contract.Option{Name: "reads", Value: 1, Least: 1, Most: 1 << 20}
)

var (
	process = syscall.Getpid()
	ids     []int // of the threads, as the kernel has them
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

// pass starts all threads, holds them at a gate until each has read, lets them exit while locked, and waits for that.
func pass() uint64 {
	gate := make(chan struct{})
	var ready sync.WaitGroup
	ready.Add(len(ids))
	for i := range ids {
		id := &ids[i]
		go func() {
			// Never unlocked: when the goroutine returns, the runtime ends its thread.
			runtime.LockOSThread()
			*id = syscall.Gettid()
			readBytes()
			ready.Done()
			<-gate
		}()
	}
	ready.Wait()
	close(gate)
	for _, id := range ids {
		waitForEnd(id)
	}
	ended += uint64(len(ids))
	return uint64(len(ids))
}

// waitForEnd returns when the kernel knows the thread no more; the runtime itself never tells.
func waitForEnd(id int) {
	for syscall.Tgkill(process, id, 0) == nil {
		syscall.Syscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
	}
}

// The process's first thread is parked for good when it should end: keep it for main, so that no other goroutine gets it.
func init() { runtime.LockOSThread() }

func main() {
	contract.Main(contract.Workload{
		Name:    "golocked",
		Options: []*contract.Option{threads, reads},
		Prepare: func(uint64) { ids = make([]int, threads.Value) },
		Pass:    pass,
		Check:   func() map[string]any { return map[string]any{"ended": ended, "bytes": bytes.Load()} },
		Facts: func() map[string]any {
			return map[string]any{"read_seconds_per_thread": float64(reading.Load()) * 1e-9 / float64(ended)}
		},
	})
}
