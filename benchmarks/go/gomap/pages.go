package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"pagewalk.dev/workloads/contract"
)

const (
	setHugePagesOff = 41 // prctl(2), PR_SET_THP_DISABLE
	areHugePagesOff = 42 // PR_GET_THP_DISABLE
	collapse        = 25 // madvise(2), MADV_COLLAPSE: huge pages now, whatever the system's policy; Linux 6.1
)

// refuseHugePages lets every page that is touched from now on be of 4 KiB.
func refuseHugePages() {
	_, _, err := syscall.RawSyscall6(syscall.SYS_PRCTL, setHugePagesOff, 1, 0, 0, 0, 0)
	// EINVAL: an emulator or a kernel that knows no huge pages, and so gives none.
	if err != 0 && err != syscall.EINVAL {
		contract.GiveUp("huge pages cannot be refused: prctl(PR_SET_THP_DISABLE): %v", err)
	}
}

// takeHugePages puts the mapping of the heap that holds an address into pages of 2 MiB, as far as it fills them.
func takeHugePages(address uintptr) {
	start, end := mappingOf(address)
	_, _, err := syscall.Syscall(syscall.SYS_MADVISE, start, end-start, collapse)
	// An error may also be about one of many pages, which somebody else was changing: what was had is what counts.
	if bytes, known := hugeBytes(); err != 0 && known && bytes == 0 {
		contract.GiveUp("huge pages cannot be had: madvise(MADV_COLLAPSE): %v", err)
	}
}

// mappingOf returns the bounds of the mapping that holds an address.
func mappingOf(address uintptr) (start, end uintptr) {
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		contract.GiveUp("%v", err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		n, _ := fmt.Sscanf(line, "%x-%x ", &start, &end)
		if n == 2 && start <= address && address < end {
			return start, end
		}
	}
	contract.GiveUp("/proc/self/maps knows no mapping of the heap")
	return 0, 0
}

// arrange builds a map in the pages that were asked for, and returns what the kernel says of them.
func arrange(pages string, build func() exercised) (exercised, map[string]any) {
	if pages == "small" {
		refuseHugePages()
	}
	table := build()
	if pages == "huge" {
		takeHugePages(table.somewhere())
	}
	if bytes, known := hugeBytes(); known && pages != "as-is" {
		return table, map[string]any{"huge_bytes": bytes}
	}
	return table, nil
}

// hugeBytes returns how much of the process lies in huge pages; false where the kernel does not say.
func hugeBytes() (bytes uint64, known bool) {
	// An emulator refuses the question, and the file would tell of the emulator's own pages.
	if _, _, err := syscall.RawSyscall6(syscall.SYS_PRCTL, areHugePagesOff, 0, 0, 0, 0, 0); err != 0 {
		return 0, false
	}
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0, false
	}
	_, rest, found := strings.Cut(string(text), "AnonHugePages:")
	if n, _ := fmt.Sscan(rest, &bytes); !found || n != 1 {
		return 0, false
	}
	return bytes << 10, true
}
