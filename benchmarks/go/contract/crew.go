package contract

import "sync"

// Together lets `count` goroutines work at once, waits for all, and returns the sum of what they say they did.
func Together(count int, work func(worker int) uint64) (done uint64) {
	did := make([]padded, count)
	var ready sync.WaitGroup
	ready.Add(count)
	for i := 0; i < count; i++ {
		go func(worker int) {
			defer ready.Done()
			did[worker].value = work(worker)
		}(i)
	}
	ready.Wait()
	for i := range did {
		done += did[i].value
	}
	return done
}

// padded keeps what two workers write off each other's cache line, and off the line next to it.
type padded struct {
	value uint64
	_     [120]byte
}
