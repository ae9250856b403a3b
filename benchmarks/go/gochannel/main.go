// Command gochannel hands values from one goroutine to another: see README.md.
package main

import "pagewalk.dev/workloads/contract"

const valuesALoop = 4096

var (
	capacity   = &contract.Option{Name: "capacity", Value: 0, Most: 1 << 20}
	processors = contract.Processors()
)

var (
	there chan uint64
	// What the other side counted of a loop.
	back          chan tally
	received, sum uint64
	next          uint64
)

type tally struct{ received, sum uint64 }

// receive counts what arrives, a loop at a time, for as long as the process lives.
func receive() {
	for {
		var seen tally
		for seen.received < valuesALoop {
			seen.sum += <-there
			seen.received++
		}
		back <- seen
	}
}

func pass() uint64 {
	for i := 0; i < valuesALoop; i++ {
		there <- next
		next++
	}
	seen := <-back
	received += seen.received
	sum += seen.sum
	return seen.received
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gochannel",
		Options: []*contract.Option{capacity, processors},
		Prepare: func(uint64) {
			contract.UseProcessors(processors)
			there, back = make(chan uint64, capacity.Value), make(chan tally)
			go receive()
		},
		Pass:  pass,
		Check: func() map[string]any { return map[string]any{"received": received, "sum": sum} },
	})
}
