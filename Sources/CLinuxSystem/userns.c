/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int write_map(const struct slipway_mapper *mapper, int answer) {
    int map = open(mapper->path, O_WRONLY | O_CLOEXEC);
    const char *text = mapper->arguments[0];
    /* The kernel takes a map in one piece, and once. */
    if (map != -1 && write(map, text, strlen(text)) == (ssize_t)strlen(text)) return close(map);
    dprintf(answer, "cannot write %s: %s\n", mapper->path, strerror(errno));
    return -1;
}

static int run_mapper(const struct slipway_mapper *mapper, int answer) {
    if (mapper->is_file) return write_map(mapper, answer);
    pid_t child = fork();
    if (child == -1) return -1;
    if (child == 0) {
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (nothing != -1) dup2(nothing, 0);
        if (dup2(answer, 1) == -1 || dup2(answer, 2) == -1) _exit(127);
        execve(mapper->path, mapper->arguments, environ);
        _exit(127);
    }
    int status;
    while (waitpid(child, &status, 0) == -1) {
        if (errno != EINTR) return -1;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

pid_t slipway_start_mappers(const struct slipway_mapper *first, const struct slipway_mapper *second, int *control,
                            int *answer) {
    int orders[2], answers[2];
    if (pipe2(orders, O_CLOEXEC) == -1) return -1;
    if (pipe2(answers, O_CLOEXEC) == -1) {
        int error = errno;
        close(orders[0]);
        close(orders[1]);
        errno = error;
        return -1;
    }
    pid_t helper = fork();
    if (helper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        close(orders[1]);
        close(answers[0]);
        char byte;
        ssize_t count;
        while ((count = read(orders[0], &byte, 1)) == -1 && errno == EINTR) continue;
        if (count != 1) _exit(3);
        if (run_mapper(first, answers[1]) == -1) _exit(1);
        _exit(run_mapper(second, answers[1]) == -1 ? 2 : 0);
    }
    int error = errno;
    close(orders[0]);
    close(answers[1]);
    if (helper == -1) {
        close(orders[1]);
        close(answers[0]);
        errno = error;
        return -1;
    }
    *control = orders[1];
    *answer = answers[0];
    return helper;
}

int slipway_unshare_users(void) {
    return unshare(CLONE_NEWUSER | CLONE_NEWNS);
}

int slipway_make_mounts_private(void) {
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

int slipway_join_session_keyring(void) {
    return syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL, 0, 0, 0) == -1 ? -1 : 0;
}
