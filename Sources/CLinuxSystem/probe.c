/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_probe.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Each call gets arguments that it must refuse before it does anything. */
static long attempt(enum slipway_probed_call call) {
    switch (call) {
    case slipway_probe_openat2: return syscall(437, -1, (void *)0, (void *)0, 0UL);
    case slipway_probe_clone3: return syscall(435, (void *)0, 0UL);
    case slipway_probe_fsopen: return syscall(430, (void *)0, ~0U);
    case slipway_probe_mount_setattr: return syscall(442, -1, (void *)0, ~0U, (void *)0, 0UL);
    case slipway_probe_close_range: return syscall(436, ~0U, 0U, ~0U);
    case slipway_probe_pidfd_open: return syscall(434, -1, ~0U);
    case slipway_probe_seccomp: return syscall(SYS_seccomp, ~0U, ~0U, (void *)0);
    }
    errno = ENOSYS;
    return -1;
}

/* Whether the kernel itself says EPERM to whoever may not mount; elsewhere that is a filter's word. */
static int needs_privileges(enum slipway_probed_call call) {
    return call == slipway_probe_fsopen || call == slipway_probe_mount_setattr;
}

int slipway_has_call(enum slipway_probed_call call) {
    int before = errno;
    int found = attempt(call) != -1 || (errno != ENOSYS && (errno != EPERM || needs_privileges(call)));
    errno = before;
    return found;
}
