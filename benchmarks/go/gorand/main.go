// Command gorand reads a few random bytes, over and over: see README.md.
package main

import (
	"crypto/rand"

	"pagewalk.dev/workloads/contract"
)

const readsALoop = 1024

var (
	size   = &contract.Option{Name: "bytes", Value: 4, Least: 1, Most: 256}
	buffer []byte
	total  uint64
)

func pass() uint64 {
	for i := 0; i < readsALoop; i++ {
		n, err := rand.Read(buffer)
		if err != nil {
			panic(err)
		}
		total += uint64(n)
	}
	return readsALoop
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gorand",
		Options: []*contract.Option{size},
		Prepare: func(uint64) { buffer = make([]byte, size.Value) },
		Pass:    pass,
		Check:   func() map[string]any { return map[string]any{"bytes": total} },
	})
}
