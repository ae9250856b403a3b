// Command gomap exercises one operation of Go's built-in map: see README.md.
package main

import (
	"math/rand"
	"runtime"
	"strconv"

	"pagewalk.dev/workloads/contract"
)

const operationsALoop = 4096

var (
	operation = &contract.Option{Name: "operation", Word: "lookup-hit", Words: []string{
		"assign-grow", "assign-hit", "lookup-hit", "lookup-miss", "delete-insert", "iterate",
	}}
	keys     = &contract.Option{Name: "keys", Word: "int", Words: []string{"int", "string"}}
	elements = &contract.Option{Name: "elements", Value: 4096, Least: 1, Most: 1 << 24}
)

// table holds a map, its keys in random order, as many that are not in it, and where the next loop goes on.
type table[K comparable] struct {
	values       map[K]uint64
	keys, absent []K
	at           int
	sum          uint64
}

func newTable[K comparable](count int, generator *rand.Rand, key func(int) K) *table[K] {
	t := &table[K]{values: map[K]uint64{}}
	for _, i := range generator.Perm(2 * count) {
		if i < count {
			t.keys = append(t.keys, key(i))
		} else {
			t.absent = append(t.absent, key(i))
		}
	}
	t.grow()
	return t
}

func (t *table[K]) grow() {
	values := map[K]uint64{}
	for i, key := range t.keys {
		values[key] = uint64(i)
	}
	t.values = values
}

// next returns the next key to use; keys are gone through in their random order, over and over.
func (t *table[K]) next(keys []K) K {
	key := keys[t.at]
	if t.at++; t.at == len(keys) {
		t.at = 0
	}
	return key
}

func (t *table[K]) pass() uint64 {
	switch operation.Word {
	case "assign-grow":
		done := uint64(0)
		for done < operationsALoop {
			t.grow()
			done += uint64(len(t.keys))
		}
		return done
	case "iterate":
		done := uint64(0)
		for done < operationsALoop {
			for _, value := range t.values {
				t.sum += value
			}
			done += uint64(len(t.values))
		}
		return done
	}
	for i := 0; i < operationsALoop; i++ {
		t.once(uint64(i))
	}
	return operationsALoop
}

func (t *table[K]) once(i uint64) {
	switch operation.Word {
	case "assign-hit":
		t.values[t.next(t.keys)] = i
	case "lookup-hit":
		t.sum += t.values[t.next(t.keys)]
	case "lookup-miss":
		t.sum += t.values[t.next(t.absent)]
	case "delete-insert":
		key := t.next(t.keys)
		delete(t.values, key)
		t.values[key] = i
	}
}

func (t *table[K]) check() map[string]any {
	found := 0
	for _, key := range t.keys {
		if _, ok := t.values[key]; ok {
			found++
		}
	}
	for _, key := range t.absent {
		if _, ok := t.values[key]; ok {
			found = -1
		}
	}
	return map[string]any{"elements": len(t.values), "found": found, "sum": t.sum != 1<<63}
}

type anyTable interface {
	pass() uint64
	check() map[string]any
}

func main() {
	var t anyTable
	contract.Main(contract.Workload{
		Name:    "gomap",
		Options: []*contract.Option{operation, keys, elements},
		Prepare: func(seed uint64) {
			generator := rand.New(rand.NewSource(int64(seed)))
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			if keys.Word == "int" {
				t = newTable(int(elements.Value), generator, func(i int) uint64 { return uint64(i) * 0x9e3779b97f4a7c15 })
			} else {
				t = newTable(int(elements.Value), generator, func(i int) string { return "key-" + strconv.Itoa(i) })
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			contract.Facts(map[string]any{
				"heap_bytes": strconv.FormatUint(after.HeapAlloc-before.HeapAlloc, 10),
				"go":         runtime.Version(),
			})
		},
		Pass:  func() uint64 { return t.pass() },
		Check: func() map[string]any { return t.check() },
	})
}
