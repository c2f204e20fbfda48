//go:build !linux

package storetest

import (
	"os/exec"
	"syscall"
)

// dieWithUs can only be done on Linux: elsewhere a killed test leaves its
// server behind.
func dieWithUs(*syscall.SysProcAttr) {}

// runServer runs cmd to its end.
func runServer(cmd *exec.Cmd, started chan<- error, gone chan<- struct{}) {
	err := cmd.Start()
	started <- err
	if err == nil {
		cmd.Wait() // how it ended is in its log
	}
	close(gone)
}
