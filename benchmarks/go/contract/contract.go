// Package contract is the workload contract (benchmarks/CONTRACT.md) for Go: options in, marks around the
// region, JSON lines out.
package contract

import (
	"runtime"
	"time"
)

// Workload is what a program does. Pass does one loop and returns its operations; it is all that is measured.
// Check, Memory and Facts may be nil; they are asked after the region in this order, so that Facts may take things apart.
type Workload struct {
	Name    string
	Options []*Option
	Prepare func(seed uint64)
	Pass    func() uint64
	Check   func() map[string]any
	Memory  func() Memory
	Facts   func() map[string]any
}

// Main runs a workload from its command line.
func Main(workload Workload) {
	chosen := parse(workload)
	marks := findMarks()
	workload.Prepare(uint64(chosen.seed))
	loops := chosen.loops
	if loops == 0 {
		loops = calibrate(workload.Pass, chosen.minTime, time.Now)
	}
	marks.begin(0)
	start := time.Now()
	var operations uint64
	if chosen.burn == 0 {
		operations = repeat(workload.Pass, loops)
	} else {
		operations = repeatBurning(workload.Pass, loops, chosen.burn)
	}
	taken := time.Since(start)
	marks.end(0)
	emit(map[string]any{
		"region": workload.Name, "operations": operations, "loops": loops, "seconds": taken.Seconds(),
	})
	if workload.Check != nil {
		emit(map[string]any{"check": workload.Check()})
	}
	if workload.Memory != nil {
		emit(map[string]any{"memory": workload.Memory()})
	}
	emit(map[string]any{"facts": facts(workload)})
}

func repeat(pass func() uint64, loops int64) (operations uint64) {
	for i := int64(0); i < loops; i++ {
		operations += pass()
	}
	return operations
}

// repeatBurning does so many of every thousand loops again, evenly spread, and does not count their operations.
func repeatBurning(pass func() uint64, loops, permille int64) (operations uint64) {
	owed := int64(0)
	for i := int64(0); i < loops; i++ {
		operations += pass()
		for owed += permille; owed >= 1000; owed -= 1000 {
			pass()
		}
	}
	return operations
}

// calibrate doubles until half of the wanted time, by when caches and clocks are warm, then scales up.
func calibrate(pass func() uint64, wanted time.Duration, now func() time.Time) int64 {
	for loops := int64(1); ; loops *= 2 {
		start := now()
		repeat(pass, loops)
		taken := now().Sub(start)
		if taken >= wanted {
			return loops
		}
		if taken >= wanted/2 {
			return int64(float64(loops)*float64(wanted)/float64(taken)*1.05) + 1
		}
	}
}

func facts(workload Workload) map[string]any {
	found := map[string]any{"runtime": runtime.Version(), "gomaxprocs": runtime.GOMAXPROCS(0)}
	if workload.Facts != nil {
		for name, value := range workload.Facts() {
			found[name] = value
		}
	}
	return found
}
