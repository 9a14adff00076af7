/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_PROCESSES_H
#define SLIPWAY_PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* CLONE_NEW* bits of clone(2), which need _GNU_SOURCE. */
extern const uint64_t slipway_clone_newns;
extern const uint64_t slipway_clone_newpid;
extern const uint64_t slipway_clone_newnet;
extern const uint64_t slipway_clone_newipc;
extern const uint64_t slipway_clone_newuts;
extern const uint64_t slipway_clone_newcgroup;
extern const uint64_t slipway_clone_newuser;

/* How a program is started; everything is borrowed for the time of the call. */
struct slipway_spawn_request {
    /* The program, an ELF file, by descriptor. */
    int executable;
    /* NULL-terminated, as execve(2) takes them. */
    char *const *arguments;
    char *const *environment;
    /* Descriptors that become 0, 1 and 2. */
    int standard[3];
    /* Descriptors that become 3, 4 and so on; at most slipway_spawn_most_extra. */
    const int *extra;
    size_t extra_count;
    /* CLONE_NEW* bits. */
    uint64_t namespaces;
    /*
     * Folders of control groups by descriptor; the program is in them before it starts, and a new namespace of control
     * groups begins there.
     */
    const int *groups;
    size_t group_count;
    /* The one of them that belongs to the unified hierarchy, in which clone3(2) can make the process, or -1. */
    int unified_group;
    /* Whether setsid(2) is called. */
    int new_session;
    /* The signal of PR_SET_PDEATHSIG, or 0. It follows the death of the calling thread, not of the process. */
    int parent_death_signal;
    /* Whether to close descriptors as a kernel without close_range(2) demands. */
    int without_close_range;
};

/* Ways to make the process, tried in this order; a caller in need of the later ones names the first to try. */
enum {
    slipway_spawn_by_clone3 = 0,
    slipway_spawn_by_clone = 1,
    slipway_spawn_by_fork = 2,
};

extern const size_t slipway_spawn_most_extra;

/*
 * Starts a program and waits until it runs, or until it is clear that it does not.
 *
 * clone3(2) with CLONE_PIDFD, CLONE_VM and CLONE_VFORK on a stack of its own, so that a large parent is not copied;
 * clone(2) where the kernel or a filter lacks clone3; without CLONE_VM where that is refused. Between clone and exec
 * only system calls are made: signal handlers and mask are reset, the descriptors are put in place, every other one is
 * closed, and execveat(2) runs the program.
 *
 * Fills pidfd and pid, and returns 0. Returns -1 with the errno of the first step that failed, no process left behind.
 */
int slipway_spawn(const struct slipway_spawn_request *request, int first_way, int *pidfd, pid_t *pid);

/* pidfd_open(2), Linux 5.3. */
int slipway_pidfd_open(pid_t pid);

/* pidfd_send_signal(2), Linux 5.1. */
int slipway_pidfd_send_signal(int pidfd, int signal);

/*
 * waitid(2) with P_PIDFD and WEXITED, Linux 5.4. Returns 1 and fills status when the process is gone: its exit code, or
 * the number of the signal with *signaled set. Returns 0 when wait is 0 and it still runs; -1 with errno set otherwise.
 */
int slipway_pidfd_wait(int pidfd, int wait, int *status, int *signaled);

/* prctl(2) with PR_SET_CHILD_SUBREAPER, which is variadic. */
int slipway_become_subreaper(void);

#endif
