package main

import "sync"

// store is a map that goroutines share. Calls go through the interface, which costs each kind the same nanosecond.
type store[K comparable] interface {
	load(key K) (uint64, bool)
	assign(key K, value uint64)
	remove(key K)
	each(visit func(value uint64))
}

func newStore[K comparable](kind string) store[K] {
	switch kind {
	case "sync":
		return &synced[K]{}
	case "locked":
		return &locked[K]{values: map[K]uint64{}}
	default:
		return racing[K]{}
	}
}

// synced is a sync.Map. Keys and values become interface values at each call, as they do wherever one is used.
type synced[K comparable] struct{ values sync.Map }

func (s *synced[K]) load(key K) (uint64, bool) {
	value, ok := s.values.Load(key)
	if !ok {
		return 0, false
	}
	return value.(uint64), true
}

func (s *synced[K]) assign(key K, value uint64) { s.values.Store(key, value) }
func (s *synced[K]) remove(key K)               { s.values.Delete(key) }
func (s *synced[K]) each(visit func(uint64)) {
	s.values.Range(func(_, value any) bool {
		visit(value.(uint64))
		return true
	})
}

// locked is a map under a mutex.
type locked[K comparable] struct {
	lock   sync.Mutex
	values map[K]uint64
}

func (s *locked[K]) load(key K) (uint64, bool) {
	s.lock.Lock()
	value, ok := s.values[key]
	s.lock.Unlock()
	return value, ok
}

func (s *locked[K]) assign(key K, value uint64) {
	s.lock.Lock()
	s.values[key] = value
	s.lock.Unlock()
}

func (s *locked[K]) remove(key K) {
	s.lock.Lock()
	delete(s.values, key)
	s.lock.Unlock()
}

func (s *locked[K]) each(visit func(uint64)) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, value := range s.values {
		visit(value)
	}
}

// racing is a map under nothing: the defect that Go's "fatal error: concurrent map writes" is there to tell.
type racing[K comparable] map[K]uint64

func (s racing[K]) load(key K) (uint64, bool) {
	value, ok := s[key]
	return value, ok
}

func (s racing[K]) assign(key K, value uint64) { s[key] = value }
func (s racing[K]) remove(key K)               { delete(s, key) }
func (s racing[K]) each(visit func(uint64)) {
	for _, value := range s {
		visit(value)
	}
}
