// Command goplugin loads a plugin and calls it: see README.md.
package main

import (
	"os"
	"plugin"
	"time"

	"pagewalk.dev/workloads/contract"
)

const callsALoop = 1024

var grown = &contract.Option{Name: "spans", Value: 16, Least: 0, Most: 1 << 16}

var (
	add     func(uint64)
	sum     func() uint64
	grow    func(int) int
	calls   uint64
	spans   uint64
	loading time.Duration
)

// load opens the plugin that was built beside this program and takes its functions.
func load() {
	begin := time.Now()
	// Not os.Executable: where a loader was given the program by name, that is the loader.
	opened, err := plugin.Open(os.Args[0] + ".so")
	if err != nil {
		contract.GiveUp("%v", err)
	}
	add, sum, grow = symbol[func(uint64)](opened, "Add"), symbol[func() uint64](opened, "Sum"), symbol[func(int) int](opened, "Grow")
	loading = time.Since(begin)
}

func symbol[F any](opened *plugin.Plugin, name string) F {
	found, err := opened.Lookup(name)
	if err != nil {
		contract.GiveUp("%v", err)
	}
	return found.(F)
}

func pass() uint64 {
	for i := uint64(0); i < callsALoop; i++ {
		add(calls)
		calls++
	}
	spans += uint64(grow(int(grown.Value)))
	return callsALoop
}

func main() {
	contract.Main(contract.Workload{
		Name:    "goplugin",
		Options: []*contract.Option{grown},
		Prepare: func(uint64) { load() },
		Pass:    pass,
		Check:   func() map[string]any { return map[string]any{"calls": calls, "counted": sum(), "spans": spans} },
		Facts:   func() map[string]any { return map[string]any{"load_seconds": loading.Seconds()} },
	})
}
