/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_processes.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const uint64_t slipway_clone_newns = CLONE_NEWNS;
const uint64_t slipway_clone_newpid = CLONE_NEWPID;
const uint64_t slipway_clone_newnet = CLONE_NEWNET;
const uint64_t slipway_clone_newipc = CLONE_NEWIPC;
const uint64_t slipway_clone_newuts = CLONE_NEWUTS;
const uint64_t slipway_clone_newcgroup = CLONE_NEWCGROUP;
const uint64_t slipway_clone_newuser = CLONE_NEWUSER;

int slipway_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int slipway_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0);
}

int slipway_pidfd_wait(int pidfd, int wait, int *status, int *signaled) {
    siginfo_t information = {0};
    if (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &information, wait ? WEXITED : WEXITED | WNOHANG) == -1)
        return -1;
    if (information.si_pid == 0) return 0;
    *signaled = information.si_code != CLD_EXITED;
    *status = information.si_status;
    return 1;
}

int slipway_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}
