package contract

import (
	"encoding/json"
	"fmt"
	"os"
)

// Exit statuses as sysexits.h has them: EX_USAGE, EX_OSERR.
const (
	exitUsage = 64
	exitOS    = 71
)

// emit writes one JSON line, unbuffered: what was said before a crash is not lost.
func emit(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	if _, err := os.Stdout.Write(append(line, '\n')); err != nil {
		GiveUp("stdout: %v", err)
	}
}

func usage(argument, reason string) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", argument, reason)
	os.Exit(exitUsage)
}

// GiveUp ends the process as one does that the system refused something.
func GiveUp(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(exitOS)
}
