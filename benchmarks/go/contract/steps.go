package contract

import (
	"strconv"
	"strings"
)

const mostSteps = 1 << 16

// Steps of a random sequence, each decided by the sequence's number and its own: any of them may be left out, and
// the others do what they did. That is what lets a sequence be shrunk. native/patterns/steps.h is the same in C.
type Steps struct {
	Sequence *Option
	Length   *Option
	Keep     *Option
	kept     []bool
}

// NewSteps returns the options of a sequence: its number, how long it is, and which steps are taken.
func NewSteps() *Steps {
	return &Steps{
		Sequence: &Option{Name: "sequence", Value: 1, Most: 1<<63 - 1},
		Length:   &Option{Name: "length", Value: 1000, Least: 1, Most: mostSteps},
		Keep:     &Option{Name: "keep", Text: true},
	}
}

// Each calls take with the number of each step that is kept and 64 random bits of its own; it returns how many.
func (steps *Steps) Each(take func(step int, random uint64)) (taken uint64) {
	if steps.kept == nil {
		steps.kept = keep(steps.Keep.Word, int(steps.Length.Value))
	}
	for step, kept := range steps.kept {
		if kept {
			take(step, stepRandom(uint64(steps.Sequence.Value), uint64(step)))
			taken++
		}
	}
	return taken
}

// Below takes a number below bound out of random, and leaves what is left of it for the next.
func Below(random *uint64, bound uint64) uint64 {
	found := *random % bound
	*random = *random/bound*0x9e3779b97f4a7c15 + found
	return found
}

// SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014).
func stepRandom(sequence, step uint64) uint64 {
	z := (sequence*mostSteps + step + 1) * 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// keep reads which steps are taken, rising, as "0-41,57"; all of them where the text is empty.
func keep(text string, length int) []bool {
	kept := make([]bool, length)
	if text == "" {
		for i := range kept {
			kept[i] = true
		}
		return kept
	}
	least := 0
	for _, part := range strings.Split(text, ",") {
		first, second, ranged := strings.Cut(part, "-")
		begin, err := strconv.ParseUint(first, 10, 31)
		last := begin
		if err == nil && ranged {
			last, err = strconv.ParseUint(second, 10, 31)
		}
		if err != nil || int(begin) < least || last < begin || int(last) >= length {
			usage("--keep="+text, "expected steps below the length, rising, as 0-41,57,60-63")
		}
		for i := begin; i <= last; i++ {
			kept[i] = true
		}
		least = int(last) + 1
	}
	return kept
}
