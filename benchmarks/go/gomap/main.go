// Command gomap exercises one operation of Go's built-in map: see README.md.
package main

import (
	"math/rand"
	"strconv"

	"pagewalk.dev/workloads/contract"
)

var (
	operation = &contract.Option{Name: "operation", Word: "lookup-hit", Words: []string{
		"assign-grow", "assign-hit", "lookup-hit", "lookup-miss", "delete-insert", "iterate",
	}}
	keys     = &contract.Option{Name: "keys", Word: "int", Words: []string{"int", "string"}}
	elements = &contract.Option{Name: "elements", Value: 4096, Least: 1, Most: 1 << 24}
)

// exercised is a table of any type of key.
type exercised interface {
	pass(operation string) func() uint64
	check() map[string]any
	facts() map[string]any
}

func newExercised(seed uint64) exercised {
	generator := rand.New(rand.NewSource(int64(seed)))
	count := int(elements.Value)
	if keys.Word == "int" {
		return newTable(count, generator, func(i int) uint64 { return uint64(i) * 0x9e3779b97f4a7c15 })
	}
	return newTable(count, generator, func(i int) string { return "key-" + strconv.Itoa(i) })
}

func main() {
	var table exercised
	var pass func() uint64
	contract.Main(contract.Workload{
		Name:    "gomap",
		Options: []*contract.Option{operation, keys, elements},
		Prepare: func(seed uint64) {
			table = newExercised(seed)
			pass = table.pass(operation.Word)
		},
		Pass:  func() uint64 { return pass() },
		Check: func() map[string]any { return table.check() },
		Facts: func() map[string]any { return table.facts() },
	})
}
