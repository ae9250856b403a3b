// A plugin with global variables of its own, which goplugin loads: see ../README.md.
package main

// Bins lie up to Size*8 bytes behind the variable's start: offsets that take more than one instruction to build.
const Size = 1024

var bins [Size]uint64

// Add counts one in bins near and far. The compiler knows the places of most: that is the code that is exercised.
func Add(place uint64) {
	bins[0]++
	bins[255]++
	bins[256]++
	bins[511]++
	bins[Size-1]++
	bins[place%Size]++
}

// Sum returns what all bins hold.
func Sum() (sum uint64) {
	for _, bin := range bins {
		sum += bin
	}
	return sum
}

// Grow returns a fresh slice and map, so that the plugin's own copies of what it needs of the runtime are used too.
func Grow(count int) int {
	held := map[int][]byte{}
	for i := 0; i < count; i++ {
		held[i] = make([]byte, 64<<10)
	}
	return len(held)
}

func main() {}
