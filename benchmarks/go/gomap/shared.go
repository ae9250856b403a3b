package main

import "pagewalk.dev/workloads/contract"

// shared is one store that several goroutines use at once, each beginning at a key of its own.
type shared[K comparable] struct {
	keySet[K]
	kind   string
	values store[K]
	places []place
}

// place is where a goroutine goes on and what it found. A goroutine works on a copy: two of them on a line would race.
type place struct {
	at  int
	sum uint64
}

func newShared[K comparable](drawn keySet[K], kind string, goroutines int) *shared[K] {
	s := &shared[K]{keySet: drawn, kind: kind, places: make([]place, goroutines)}
	for worker := range s.places {
		s.places[worker].at = worker * len(s.keys) / goroutines
	}
	s.grow()
	return s
}

// grow is done by one goroutine: what is built has to hold even where the kind is no safe one.
func (s *shared[K]) grow() {
	s.values = newStore[K](s.kind)
	for i, key := range s.keys {
		s.values.assign(key, uint64(i)+1)
	}
}

func (s *shared[K]) drop() { s.values = newStore[K](s.kind) }

func (s *shared[K]) pass(operation string) func() uint64 {
	if operation == "assign-grow" {
		return s.assignGrow
	}
	work := map[string]func(place) (place, uint64){
		"assign-hit":    s.assignHit,
		"lookup-hit":    func(p place) (place, uint64) { return s.lookup(p, s.keys) },
		"lookup-miss":   func(p place) (place, uint64) { return s.lookup(p, s.absent) },
		"delete-insert": s.deleteInsert,
		"iterate":       s.iterate,
	}[operation]
	return func() uint64 {
		return contract.Together(len(s.places), func(worker int) (done uint64) {
			s.places[worker], done = work(s.places[worker])
			return done
		})
	}
}

// assignGrow grows one store after the other, each by all goroutines, of which one has every how-many-th key.
func (s *shared[K]) assignGrow() (done uint64) {
	for done < operationsALoop {
		s.drop()
		done += contract.Together(len(s.places), func(worker int) (mine uint64) {
			for i := worker; i < len(s.keys); i += len(s.places) {
				s.values.assign(s.keys[i], uint64(i)+1)
				mine++
			}
			return mine
		})
	}
	return done
}

func (s *shared[K]) assignHit(p place) (place, uint64) {
	for i := uint64(0); i < operationsALoop; i++ {
		s.values.assign(s.keys[p.at], i)
		p.at = (p.at + 1) % len(s.keys)
	}
	return p, operationsALoop
}

func (s *shared[K]) deleteInsert(p place) (place, uint64) {
	for i := uint64(0); i < operationsALoop; i++ {
		s.values.remove(s.keys[p.at])
		s.values.assign(s.keys[p.at], i)
		p.at = (p.at + 1) % len(s.keys)
	}
	return p, operationsALoop
}

func (s *shared[K]) lookup(p place, keys []K) (place, uint64) {
	for i := 0; i < operationsALoop; i++ {
		value, _ := s.values.load(keys[p.at])
		p.sum += value
		p.at = (p.at + 1) % len(keys)
	}
	return p, operationsALoop
}

func (s *shared[K]) iterate(p place) (place, uint64) {
	var done uint64
	for done < operationsALoop {
		s.values.each(func(value uint64) {
			p.sum += value
			done++
		})
	}
	return p, done
}

func (s *shared[K]) check() map[string]any {
	var elements, sum uint64
	s.values.each(func(uint64) { elements++ })
	for _, p := range s.places {
		sum += p.sum
	}
	return map[string]any{
		"elements": elements, "found": s.count(s.keys), "strangers": s.count(s.absent), "sum": sum,
	}
}

func (s *shared[K]) count(keys []K) (found int) {
	for _, key := range keys {
		if _, ok := s.values.load(key); ok {
			found++
		}
	}
	return found
}
