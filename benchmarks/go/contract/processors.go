package contract

import "runtime"

// Processors is an option of workloads whose work, or whose collector's, can go on in parallel.
func Processors() *Option { return &Option{Name: "processors", Most: 1024} }

// UseProcessors sets GOMAXPROCS to what was asked for; 0 leaves it as the environment has it.
func UseProcessors(asked *Option) {
	if asked.Value > 0 {
		runtime.GOMAXPROCS(int(asked.Value))
	}
}
