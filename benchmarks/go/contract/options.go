package contract

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Option is one parameter, --name=value: a number from Least to Most, one of Words, or any Text.
// Value or Word holds the default until the command line is taken.
type Option struct {
	Name        string
	Value       int64
	Least, Most int64
	Word        string
	Words       []string
	Text        bool
}

type settings struct {
	loops, seed, describe, burn int64
	minTime                     time.Duration
}

// parse takes the command line; with --describe=1 it prints the options and ends the process.
func parse(workload Workload) settings {
	description := describe(workload)
	loops := &Option{Name: "loops", Most: 1 << 40}
	seed := &Option{Name: "seed", Value: 1, Most: 1<<63 - 1}
	showing := &Option{Name: "describe", Most: 1}
	burning := &Option{Name: "burn-permille", Most: 1000}
	chosen := settings{minTime: 50 * time.Millisecond}
	known := append([]*Option{loops, seed, showing, burning}, workload.Options...)
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
	if showing.Value != 0 {
		emit(description)
		os.Exit(0)
	}
	chosen.loops, chosen.seed, chosen.burn = loops.Value, seed.Value, burning.Value
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
	if option.Text {
		option.Word = text
		return
	}
	if option.Words != nil {
		for _, word := range option.Words {
			if word == text {
				option.Word = text
				return
			}
		}
		usage(argument, "expected one of "+strings.Join(option.Words, ", "))
	}
	// 63 bits and no sign: what a C workload takes.
	value, err := strconv.ParseUint(text, 10, 63)
	if err != nil || int64(value) < option.Least || int64(value) > option.Most {
		usage(argument, fmt.Sprintf("expected a number from %d to %d", option.Least, option.Most))
	}
	option.Value = int64(value)
}

func duration(argument, text string) time.Duration {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0 && seconds <= 3600) {
		usage(argument, "expected seconds, above 0 and up to 3600")
	}
	return time.Duration(seconds * float64(time.Second))
}

func describe(workload Workload) map[string]any {
	options := map[string]any{}
	for _, option := range workload.Options {
		if option.Text {
			options[option.Name] = map[string]any{"default": option.Word, "text": true}
		} else if option.Words != nil {
			options[option.Name] = map[string]any{"default": option.Word, "words": option.Words}
		} else {
			options[option.Name] = map[string]any{
				"default": option.Value, "least": option.Least, "most": option.Most,
			}
		}
	}
	return map[string]any{"workload": workload.Name, "options": options}
}
