package judge

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// guard is a shell between this process and PostgreSQL. It outlives a process that
// is killed, and cleans up behind it.
type guard struct {
	pipe *os.File // the guard acts when this end is closed
	log  *os.File
	done chan struct{}
}

// script runs a command until the pipe on descriptor 3 breaks or the command ends,
// then removes the folder. SIGQUIT is PostgreSQL's immediate shutdown.
const script = `dir=$0
"$@" </dev/null 3<&- &
pid=$!
{ read _; kill -QUIT $pid; } <&3 &
reader=$!
exec 3<&-
wait $pid
kill $reader 2>/dev/null
rm -rf "$dir"`

// settings of a cluster that nobody will miss. Shared memory lies in files: small
// containers have a small /dev/shm, and files go with the folder.
var settings = []string{
	"listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"dynamic_shared_memory_type=mmap", "max_connections=200", "autovacuum=off", "jit=off",
}

// watch starts postgres on the data in dir, under a guard.
func watch(postgres, dir string, who *syscall.Credential) (*guard, error) {
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	args := []string{"-c", script, dir, postgres, "-D", filepath.Join(dir, "data"), "-k", dir, "-p", port}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	sh := exec.Command("/bin/sh", args...) //nolint:gosec // our own script
	sh.Dir, sh.Env = "/", plainEnv
	sh.Stdout, sh.Stderr, sh.ExtraFiles = log, log, []*os.File{r}
	// A group of its own: an interrupt from the terminal ends the tests, and that the guard.
	sh.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true}
	if err := sh.Start(); err != nil {
		return nil, err
	}
	g := &guard{pipe: w, log: log, done: make(chan struct{})}
	go func() {
		_ = sh.Wait() // how it ended is in the log
		close(g.done)
	}()
	return g, r.Close()
}

// stop stops the cluster, waits until its folder is gone, and returns its log.
func (g *guard) stop() string {
	_ = g.pipe.Close() // it was not written to
	<-g.done
	said, _ := io.ReadAll(io.NewSectionReader(g.log, 0, 1<<20)) // of a file that is removed already
	_ = g.log.Close()
	return string(said)
}
