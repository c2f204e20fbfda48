package storetest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// dieWithUs makes the server end when the test is killed.
func dieWithUs(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }

// runServer runs cmd to its end. The kernel takes the thread that started it
// for its parent, so that thread must live as long.
func runServer(cmd *exec.Cmd, started chan<- error, gone chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err == nil {
		cmd.Wait() // how it ended is in its log
	}
	close(gone)
}
