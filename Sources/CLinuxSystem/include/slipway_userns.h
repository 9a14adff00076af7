/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_USERNS_H
#define SLIPWAY_USERNS_H

#include <sys/types.h>

/* What writes an id map of another process: a program, such as newuidmap(1), or whoever may write the file itself. */
struct slipway_mapper {
    /* Of the program, or of the file. */
    const char *path;
    /* NULL-terminated, as execve(2) takes them; for a file its content alone. */
    char *const *arguments;
    int is_file;
};

/*
 * Starts a process that waits for a byte on *control and then runs both programs or writes both files, one after the
 * other, where the caller was when it called; what is said of failures comes out of *answer, which is at its end when the
 * process is gone. It exits with 0 when both have worked, else with 1 or 2 for the first that has not; without a byte it
 * does nothing.
 *
 * Only for a process with one thread. Returns its pid, or -1 with errno set.
 */
pid_t slipway_start_mappers(const struct slipway_mapper *first, const struct slipway_mapper *second, int *control,
                            int *answer);

/*
 * Gives the process a user namespace without any ids and a mount namespace; EINVAL when it has more threads than one.
 */
int slipway_unshare_users(void);

/* mount(2) with MS_PRIVATE, for the root and all below it. */
int slipway_make_mounts_private(void);

/* keyctl(2) with KEYCTL_JOIN_SESSION_KEYRING: a new keyring without a name. */
int slipway_join_session_keyring(void);

#endif
