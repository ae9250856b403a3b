// Package contract is the workload contract (benchmarks/CONTRACT.md) for Go: options in, marks around the
// region, JSON lines out.
package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const exitUsage = 64

// Workload is what a program does. Pass does one loop and returns its operations; it is all that is measured.
type Workload struct {
	Name    string
	Options []*Option
	Prepare func(seed uint64)
	Pass    func() uint64
	Check   func() map[string]any
}

// Option is one parameter, --name=value: a number from Least to Most, or one of Words.
type Option struct {
	Name        string
	Value       int64
	Least, Most int64
	Word        string
	Words       []string
}

type settings struct {
	loops    int64
	seed     int64
	describe int64
	minTime  time.Duration
}

// Main runs a workload from its command line.
func Main(workload Workload) {
	chosen := parse(workload.Options)
	if chosen.describe != 0 {
		describe(workload)
		return
	}
	marks := findMarks()
	workload.Prepare(uint64(chosen.seed))
	loops := chosen.loops
	if loops == 0 {
		loops = calibrate(workload, chosen.minTime)
	}
	marks.begin(0)
	start := time.Now()
	operations := repeat(workload, loops)
	taken := time.Since(start)
	marks.end(0)
	emit(map[string]any{
		"region": workload.Name, "operations": operations, "loops": loops, "seconds": taken.Seconds(),
	})
	if workload.Check != nil {
		emit(map[string]any{"check": workload.Check()})
	}
}

// Facts records something worth knowing of this execution.
func Facts(facts map[string]any) { emit(map[string]any{"facts": facts}) }

func repeat(workload Workload, loops int64) (operations uint64) {
	for i := int64(0); i < loops; i++ {
		operations += workload.Pass()
	}
	return operations
}

// calibrate doubles until half of the wanted time, by when caches and clocks are warm, then scales up.
func calibrate(workload Workload, wanted time.Duration) int64 {
	for loops := int64(1); ; loops *= 2 {
		start := time.Now()
		repeat(workload, loops)
		taken := time.Since(start)
		if taken >= wanted {
			return loops
		}
		if taken >= wanted/2 {
			return int64(float64(loops)*float64(wanted)/float64(taken)*1.05) + 1
		}
	}
}

func parse(options []*Option) settings {
	loops := &Option{Name: "loops", Most: 1 << 40}
	seed := &Option{Name: "seed", Value: 1, Most: 1<<63 - 1}
	showing := &Option{Name: "describe", Most: 1}
	chosen := settings{minTime: 50 * time.Millisecond}
	known := append([]*Option{loops, seed, showing}, options...)
	for _, argument := range os.Args[1:] {
		name, text, found := strings.Cut(strings.TrimPrefix(argument, "--"), "=")
		if !found || !strings.HasPrefix(argument, "--") {
			usage(argument, "expected --name=value; --describe=1 lists the options")
		}
		if name == "min-time" {
			chosen.minTime = duration(argument, text)
			continue
		}
		set(known, name, argument, text)
	}
	chosen.loops, chosen.seed, chosen.describe = loops.Value, seed.Value, showing.Value
	return chosen
}

func set(known []*Option, name, argument, text string) {
	for _, option := range known {
		if option.Name == name {
			option.set(argument, text)
			return
		}
	}
	usage(argument, "no such option; --describe=1 lists them")
}

func (option *Option) set(argument, text string) {
	if option.Words != nil {
		for _, word := range option.Words {
			if word == text {
				option.Word = text
				return
			}
		}
		usage(argument, "expected one of "+strings.Join(option.Words, ", "))
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < option.Least || value > option.Most {
		usage(argument, fmt.Sprintf("expected a number from %d to %d", option.Least, option.Most))
	}
	option.Value = value
}

func duration(argument, text string) time.Duration {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0 && seconds <= 3600) {
		usage(argument, "expected seconds, above 0 and up to 3600")
	}
	return time.Duration(seconds * float64(time.Second))
}

func describe(workload Workload) {
	options := map[string]any{}
	for _, option := range workload.Options {
		if option.Words != nil {
			options[option.Name] = map[string]any{"default": option.Word, "words": option.Words}
		} else {
			options[option.Name] = map[string]any{
				"default": option.Value, "least": option.Least, "most": option.Most,
			}
		}
	}
	emit(map[string]any{"workload": workload.Name, "options": options})
}

func usage(argument, reason string) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", argument, reason)
	os.Exit(exitUsage)
}

func emit(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(line, '\n'))
}
