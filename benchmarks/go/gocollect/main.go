// Command gocollect allocates while a large heap full of pointers is collected over and over: see README.md.
package main

import (
	"math/rand"
	"runtime"
	"unsafe"

	"pagewalk.dev/workloads/contract"
)

const nodesALoop = 4096

var (
	liveMiB    = &contract.Option{Name: "live-mib", Value: 32, Least: 1, Most: 4096}
	goroutines = &contract.Option{Name: "goroutines", Value: 1, Least: 1, Most: 1024}
	processors = contract.Processors()
)

// node is one cell of a list; a line of most caches.
type node struct {
	next    *node
	payload [7]uint64
}

// mutator is one goroutine's share of the heap: lists whose heads it replaces in turn.
type mutator struct {
	heads []*node
	at    int
	made  uint64
	_     [64]byte // off the next one's line
}

const listLength = 16

var mutators []mutator

func prepare(seed uint64) {
	contract.UseProcessors(processors)
	mutators = make([]mutator, goroutines.Value)
	lists := int(liveMiB.Value<<20/goroutines.Value) / (listLength * int(unsafe.Sizeof(node{})))
	if lists == 0 {
		lists = 1
	}
	generator := rand.New(rand.NewSource(int64(seed)))
	for i := range mutators {
		mutators[i].heads = make([]*node, lists)
		for _, at := range generator.Perm(lists) {
			mutators[i].heads[at] = mutators[i].list()
		}
	}
}

func (m *mutator) list() (head *node) {
	for i := uint64(0); i < listLength; i++ {
		head = &node{next: head, payload: [7]uint64{i}}
	}
	m.made += listLength
	return head
}

// replace gives new lists for old: garbage of all ages, and pointers written while the collector marks.
func (m *mutator) replace() uint64 {
	for i := 0; i < nodesALoop/listLength; i++ {
		m.heads[m.at] = m.list()
		if m.at++; m.at == len(m.heads) {
			m.at = 0
		}
	}
	return nodesALoop
}

func pass() uint64 {
	if len(mutators) == 1 {
		return mutators[0].replace()
	}
	return contract.Together(len(mutators), func(worker int) uint64 { return mutators[worker].replace() })
}

// check counts what is alive by going through it, as the collector does.
func check() map[string]any {
	var made, alive, sum uint64
	for i := range mutators {
		made += mutators[i].made
		for _, head := range mutators[i].heads {
			for cell := head; cell != nil; cell = cell.next {
				alive++
				sum += cell.payload[0]
			}
		}
	}
	return map[string]any{"made": made, "alive": alive, "sum": sum}
}

func facts() map[string]any {
	found := collectorFacts()
	runtime.KeepAlive(mutators)
	return found
}

func main() {
	contract.Main(contract.Workload{
		Name:    "gocollect",
		Options: []*contract.Option{liveMiB, goroutines, processors},
		Prepare: prepare,
		Pass:    pass,
		Check:   check,
		Facts:   facts,
	})
}
