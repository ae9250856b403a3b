package contract

import (
	"testing"
	"time"
)

// The clock goes only while a pass does, so that the result owes nothing to the machine.
func TestCalibrationFindsLoopsThatTakeTheWantedTimeAndLittleMore(t *testing.T) {
	for _, a := range []time.Duration{7 * time.Microsecond, 3 * time.Millisecond, time.Second} {
		for _, wanted := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 700 * time.Millisecond} {
			clock := time.Unix(0, 0)
			pass := func() uint64 { clock = clock.Add(a); return 1 }
			taken := time.Duration(calibrate(pass, wanted, func() time.Time { return clock })) * a
			if taken < wanted || taken > wanted+wanted/20+a {
				t.Errorf("a pass of %v: %v wanted, the region takes %v", a, wanted, taken)
			}
		}
	}
}

// Somebody else has the processor for a while in one of the passes: the region takes as long as without them.
func TestCalibrationFindsAsManyLoopsWhereItIsInterrupted(t *testing.T) {
	const a, wanted = 100 * time.Microsecond, 50 * time.Millisecond
	for _, lost := range []time.Duration{10 * time.Millisecond, 60 * time.Millisecond, 190 * time.Millisecond} {
		for interrupted := 1; interrupted < 600; interrupted += 7 {
			clock, calls := time.Unix(0, 0), 0
			pass := func() uint64 {
				clock = clock.Add(a)
				if calls++; calls == interrupted {
					clock = clock.Add(lost)
				}
				return 1
			}
			taken := time.Duration(calibrate(pass, wanted, func() time.Time { return clock })) * a
			if taken < wanted || taken > wanted+wanted/20+a {
				t.Errorf("%v lost in pass %d: %v wanted, the region takes %v", lost, interrupted, wanted, taken)
			}
		}
	}
}

func TestBurningDoesTheAskedShareAgainAndCountsNoneOfIt(t *testing.T) {
	for _, permille := range []int64{1, 50, 333, 1000} {
		calls := int64(0)
		operations := repeatBurning(func() uint64 { calls++; return 1 }, 2000, permille)
		if operations != 2000 || calls != 2000+2*permille {
			t.Errorf("%d permille: %d operations in %d calls", permille, operations, calls)
		}
	}
}

func TestRepeatAddsUpWhatEachPassDid(t *testing.T) {
	calls := uint64(0)
	pass := func() uint64 { calls++; return calls }
	if got := repeat(pass, 4); got != 1+2+3+4 || calls != 4 {
		t.Errorf("4 passes: %d operations in %d calls", got, calls)
	}
}
