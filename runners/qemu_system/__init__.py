"""A booted Linux for arm64 and riscv64: the kernel's own page faults and perf where there is no board.

Its runners appear where the project's inventory asks for them (`transport = "qemu-system"`).
"""
