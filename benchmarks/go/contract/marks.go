package contract

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
)

const (
	mark      = 0x70616765
	markBegin = 1
	markEnd   = 2
)

// marks tells whoever counts where the region begins and ends.
type marks struct {
	control, acknowledge int
}

func findMarks() marks {
	text, set := os.LookupEnv("PAGEWALK_CONTROL")
	if !set {
		return marks{-1, -1}
	}
	var found marks
	var rest string
	if n, _ := fmt.Sscanf(text, "%d,%d%s", &found.control, &found.acknowledge, &rest); n != 2 ||
		found.control < 0 || found.acknowledge < 0 {
		usage("PAGEWALK_CONTROL", "expected two file descriptors, as 3,4")
	}
	return found
}

func (m marks) begin(index uintptr) {
	m.tell("enable\n")
	syscall.RawSyscall6(syscall.SYS_PRCTL, mark, markBegin, index, 0, 0, 0)
}

func (m marks) end(index uintptr) {
	syscall.RawSyscall6(syscall.SYS_PRCTL, mark, markEnd, index, 0, 0, 0)
	m.tell("disable\n")
}

func (m marks) tell(word string) {
	if m.control < 0 {
		return
	}
	if _, err := syscall.Write(m.control, []byte(word)); err != nil {
		GiveUp("PAGEWALK_CONTROL: writing: %v", err)
	}
	// perf sends the answer's final NUL too, ours does not: take what one read gives.
	var answer [16]byte
	n, err := syscall.Read(m.acknowledge, answer[:])
	for err == syscall.EINTR {
		n, err = syscall.Read(m.acknowledge, answer[:])
	}
	if err != nil {
		GiveUp("PAGEWALK_CONTROL: reading the answer: %v", err)
	}
	if !bytes.HasPrefix(answer[:n], []byte("ack\n")) {
		GiveUp("PAGEWALK_CONTROL: expected ack and a newline after %s", strings.TrimSpace(word))
	}
}
