// Command gomap exercises one operation of Go's maps: see README.md.
package main

import (
	"math/rand"
	"strconv"
	"unsafe"

	"pagewalk.dev/workloads/contract"
)

var (
	kind = &contract.Option{Name: "kind", Word: "map", Words: []string{"map", "sync", "locked", "racing"}}
	// What the benchmarks of Go's own runtime package do.
	operation = &contract.Option{Name: "operation", Word: "lookup-hit", Words: []string{
		"assign-grow", "assign-hit", "lookup-hit", "lookup-miss", "delete-insert", "iterate",
	}}
	keys       = &contract.Option{Name: "keys", Word: "int", Words: []string{"int", "string"}}
	elements   = &contract.Option{Name: "elements", Value: 4096, Least: 1, Most: 1 << 24}
	goroutines = &contract.Option{Name: "goroutines", Value: 2, Least: 1, Most: 1024}
	pages      = &contract.Option{Name: "pages", Word: "as-is", Words: []string{"as-is", "small", "huge"}}
	processors = contract.Processors()
)

// exercised is a map of any kind with any type of key.
type exercised interface {
	pass(operation string) func() uint64
	grow()
	drop()
	check() map[string]any
	// liveBytes is what keys and values take by themselves, in a table without a gap.
	liveBytes() uint64
	// somewhere is an address of the heap.
	somewhere() uintptr
}

func newExercised(seed uint64) exercised {
	generator := rand.New(rand.NewSource(int64(seed)))
	count := int(elements.Value)
	if keys.Word == "int" {
		return ofKind(newKeys(count, generator, func(i int) uint64 { return uint64(i) * 0x9e3779b97f4a7c15 }))
	}
	return ofKind(newKeys(count, generator, func(i int) string { return "key-" + strconv.Itoa(i) }))
}

func ofKind[K comparable](drawn keySet[K]) exercised {
	if kind.Word == "map" {
		return newTable(drawn)
	}
	return newShared(drawn, kind.Word, int(goroutines.Value))
}

// keySet holds the keys in random order, and as many that never become elements.
type keySet[K comparable] struct{ keys, absent []K }

func newKeys[K comparable](count int, generator *rand.Rand, key func(int) K) keySet[K] {
	drawn := keySet[K]{make([]K, 0, count), make([]K, 0, count)}
	for _, i := range generator.Perm(2 * count) {
		if i < count {
			drawn.keys = append(drawn.keys, key(i))
		} else {
			drawn.absent = append(drawn.absent, key(i))
		}
	}
	return drawn
}

func (s keySet[K]) liveBytes() uint64 {
	var key K
	return uint64(len(s.keys)) * uint64(unsafe.Sizeof(key)+8)
}

func (s keySet[K]) somewhere() uintptr { return uintptr(unsafe.Pointer(&s.keys[0])) }

func main() {
	var table exercised
	var facts map[string]any
	var pass func() uint64
	contract.Main(contract.Workload{
		Name:    "gomap",
		Options: []*contract.Option{kind, operation, keys, elements, goroutines, pages, processors},
		Prepare: func(seed uint64) {
			contract.UseProcessors(processors)
			table, facts = arrange(pages.Word, func() exercised { return newExercised(seed) })
			pass = table.pass(operation.Word)
		},
		Pass:   func() uint64 { return pass() },
		Check:  func() map[string]any { return table.check() },
		Memory: func() contract.Memory { return contract.Weigh(table.liveBytes(), table.grow, table.drop) },
		Facts:  func() map[string]any { return facts },
	})
}
