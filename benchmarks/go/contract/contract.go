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

// calibrate doubles until half of the wanted time, by when caches and clocks are warm, then scales up. What is in doubt
// is taken once more, and the faster of the last two rates counts: whoever interrupts only ever makes slower.
func calibrate(pass func() uint64, wanted time.Duration, now func() time.Time) int64 {
	timed := func(loops int64) time.Duration {
		start := now()
		repeat(pass, loops)
		return now().Sub(start)
	}
	half := time.Duration(0) // that half as many loops took
	for loops := int64(1); ; loops *= 2 {
		taken := timed(loops)
		if taken >= wanted/2 && doubtful(taken, half, wanted) {
			taken = lesser(taken, timed(loops))
		}
		least := taken
		if half > 0 {
			least = lesser(taken, 2*half)
		}
		if least >= wanted {
			return loops
		}
		if taken >= wanted/2 {
			return int64(float64(loops)*float64(wanted)/float64(least)*1.05) + 1
		}
		half = taken
	}
}

// doubtful tells whether somebody else may have had the processor for most of this time: twice the loops took over four
// times as long, or nothing is known of fewer loops, and once more does not take long.
func doubtful(taken, half, wanted time.Duration) bool {
	if half > 0 {
		return taken > 4*half
	}
	return taken < 4*wanted
}

func lesser(a, b time.Duration) time.Duration {
	if a < b {
		return a
	}
	return b
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
