package main

const operationsALoop = 4096

// table is Go's built-in map, used by one goroutine.
// The i-th key's value is i+1 until an assignment changes it: a lookup that finds nothing adds 0 to the sum.
type table[K comparable] struct {
	keySet[K]
	values map[K]uint64
	at     int // where the next loop goes on
	sum    uint64
}

func newTable[K comparable](drawn keySet[K]) *table[K] {
	t := &table[K]{keySet: drawn}
	t.grow()
	return t
}

func (t *table[K]) grow() {
	t.values = map[K]uint64{}
	for i, key := range t.keys {
		t.values[key] = uint64(i) + 1
	}
}

func (t *table[K]) drop() { t.values = nil }

// pass returns one loop of an operation. Which one is chosen once: a loop holds nothing but the map and its keys.
func (t *table[K]) pass(operation string) func() uint64 {
	return map[string]func() uint64{
		"assign-grow":   t.assignGrow,
		"assign-hit":    t.assignHit,
		"lookup-hit":    func() uint64 { return t.lookup(t.keys) },
		"lookup-miss":   func() uint64 { return t.lookup(t.absent) },
		"delete-insert": t.deleteInsert,
		"iterate":       t.iterate,
	}[operation]
}

func (t *table[K]) assignGrow() (done uint64) {
	for done < operationsALoop {
		t.grow()
		done += uint64(len(t.keys))
	}
	return done
}

func (t *table[K]) iterate() (done uint64) {
	for done < operationsALoop {
		for _, value := range t.values {
			t.sum += value
		}
		done += uint64(len(t.values))
	}
	return done
}

func (t *table[K]) lookup(keys []K) uint64 {
	at, sum := t.at, t.sum
	for i := 0; i < operationsALoop; i++ {
		sum += t.values[keys[at]]
		if at++; at == len(keys) {
			at = 0
		}
	}
	// Kept and printed, or the compiler could leave the loads out.
	t.at, t.sum = at, sum
	return operationsALoop
}

func (t *table[K]) assignHit() uint64 {
	at := t.at
	for i := uint64(0); i < operationsALoop; i++ {
		t.values[t.keys[at]] = i
		if at++; at == len(t.keys) {
			at = 0
		}
	}
	t.at = at
	return operationsALoop
}

func (t *table[K]) deleteInsert() uint64 {
	at := t.at
	for i := uint64(0); i < operationsALoop; i++ {
		key := t.keys[at]
		delete(t.values, key)
		t.values[key] = i
		if at++; at == len(t.keys) {
			at = 0
		}
	}
	t.at = at
	return operationsALoop
}

func (t *table[K]) check() map[string]any {
	return map[string]any{
		"elements": len(t.values), "found": t.count(t.keys), "strangers": t.count(t.absent), "sum": t.sum,
	}
}

func (t *table[K]) count(keys []K) (found int) {
	for _, key := range keys {
		if _, ok := t.values[key]; ok {
			found++
		}
	}
	return found
}
