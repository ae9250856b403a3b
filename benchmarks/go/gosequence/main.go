// Command gosequence does to maps, with calls to C between, what a random sequence says: see README.md.
package main

/*
#include <stdint.h>

// Not inlined and not free: Go calls what is really there.
__attribute__((noinline)) static uint64_t echo(uint64_t value) { return value; }
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"

	"pagewalk.dev/workloads/contract"
)

var (
	steps = contract.NewSteps()
	slots = &contract.Option{Name: "slots", Value: 8, Least: 1, Most: 1 << 10}
	most  = &contract.Option{Name: "most", Value: 64, Least: 1, Most: 1 << 16}

	processors = contract.Processors()
)

// table is a map, and what must be in it: a value for each key, 0 for none.
type table struct {
	values   map[uint64]uint64
	expected []uint64
	count    int
}

var (
	tables                []table
	assigned, calls, read uint64
)

func complain(step int, what string) {
	fmt.Fprintf(os.Stderr, "sequence: at step %d the map %s\n", step, what)
	os.Exit(1)
}

func (t *table) assign(key, value uint64) {
	if t.expected[key] == 0 {
		t.count++
	}
	t.values[key], t.expected[key] = value, value
	assigned++
}

func (t *table) remove(key uint64) {
	if t.expected[key] != 0 {
		t.count--
	}
	delete(t.values, key)
	t.expected[key] = 0
}

func (t *table) look(step int, key uint64) {
	value, found := t.values[key]
	if found != (t.expected[key] != 0) || value != t.expected[key] {
		complain(step, fmt.Sprintf("has %d for key %d, not %d", value, key, t.expected[key]))
	}
	read++
}

func (t *table) visit(step int) {
	seen := 0
	for key, value := range t.values {
		if value != t.expected[key] {
			complain(step, fmt.Sprintf("shows %d for key %d, not %d", value, key, t.expected[key]))
		}
		seen++
	}
	if seen != t.count || seen != len(t.values) {
		complain(step, fmt.Sprintf("shows %d elements and says %d, not %d", seen, len(t.values), t.count))
	}
}

func (t *table) renew(room uint64) {
	t.values, t.count = make(map[uint64]uint64, room), 0
	for key := range t.expected {
		t.expected[key] = 0
	}
}

// What step number `step` does is decided by the sequence and the number alone: any step may be left out.
func take(step int, random uint64) {
	t := &tables[contract.Below(&random, uint64(slots.Value))]
	kind := contract.Below(&random, 40)
	key := contract.Below(&random, uint64(most.Value))
	switch {
	case kind < 18:
		t.assign(key, uint64(step)+1)
	case kind < 24:
		t.remove(key)
	case kind < 32:
		t.look(step, key)
	case kind < 36:
		calls++
		t.assign(key, uint64(C.echo(C.uint64_t(step)+1)))
	case kind < 38:
		t.visit(step)
	case kind < 39:
		t.renew(key)
	default:
		runtime.GC()
	}
}

func pass() uint64 {
	for i := range tables {
		tables[i].renew(0)
	}
	taken := steps.Each(take)
	for i := range tables {
		tables[i].visit(int(steps.Length.Value))
	}
	return taken
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gosequence",
		Options: []*contract.Option{steps.Sequence, steps.Length, steps.Keep, slots, most, processors},
		Prepare: func(uint64) {
			contract.UseProcessors(processors)
			tables = make([]table, slots.Value)
			for i := range tables {
				tables[i].expected = make([]uint64, most.Value)
			}
		},
		Pass: pass,
		Check: func() map[string]any {
			return map[string]any{"assigned": assigned, "read": read, "calls": calls}
		},
	})
}
