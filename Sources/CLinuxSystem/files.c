/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif

const int slipway_o_path = O_PATH;
const int slipway_o_tmpfile = O_TMPFILE;
const int slipway_at_empty_path = AT_EMPTY_PATH;
const int slipway_seek_data = SEEK_DATA;
const int slipway_seek_hole = SEEK_HOLE;
const uint64_t slipway_resolve_no_xdev = RESOLVE_NO_XDEV;
const uint64_t slipway_resolve_no_magiclinks = RESOLVE_NO_MAGICLINKS;
const uint64_t slipway_resolve_no_symlinks = RESOLVE_NO_SYMLINKS;
const uint64_t slipway_resolve_beneath = RESOLVE_BENEATH;
const uint64_t slipway_resolve_in_root = RESOLVE_IN_ROOT;

int slipway_openat(int directory, const char *path, int flags, unsigned int permissions) {
    return openat(directory, path, flags | O_CLOEXEC, (mode_t)permissions);
}

int slipway_openat2(int directory, const char *path, int flags, unsigned int permissions, uint64_t resolve) {
    struct open_how how = {0};
    how.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC);
    /* The kernel refuses a mode when nothing can be created. */
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) how.mode = permissions;
    how.resolve = resolve;
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

ssize_t slipway_readlinkat(int directory, const char *path, char *buffer, size_t size) {
    return readlinkat(directory, path, buffer, size);
}

ssize_t slipway_getdents64(int directory, void *buffer, size_t size) {
    return syscall(SYS_getdents64, directory, buffer, size);
}

int slipway_rename_no_replace(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return (int)syscall(SYS_renameat2, old_directory, old_name, new_directory, new_name, RENAME_NOREPLACE);
}

int slipway_rename_exchange(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return (int)syscall(SYS_renameat2, old_directory, old_name, new_directory, new_name, RENAME_EXCHANGE);
}

/* Whether the kernel, or a filter in front of it, does not offer a call at all. */
static int is_refused(void) {
    return errno == ENOSYS || errno == EPERM;
}

static int close_keeping_errno(int descriptor, int result) {
    int saved = errno;
    close(descriptor);
    errno = saved;
    return result;
}

static int chmod_by_descriptor(int descriptor, unsigned int permissions) {
    char path[32];
    struct stat status;
    if (fstat(descriptor, &status) == -1) return -1;
    if (S_ISLNK(status.st_mode)) {
        errno = EOPNOTSUPP;
        return -1;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return chmod(path, (mode_t)permissions);
}

int slipway_set_permissions(int directory, const char *name, unsigned int permissions) {
    int result = (int)syscall(SYS_fchmodat2, directory, name, permissions, AT_SYMLINK_NOFOLLOW);
    if (result == 0 || !is_refused()) return result;

    int pinned = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (pinned == -1) return -1;
    return close_keeping_errno(pinned, chmod_by_descriptor(pinned, permissions));
}

int slipway_set_own_permissions(int descriptor, unsigned int permissions) {
    int result = fchmod(descriptor, (mode_t)permissions);
    if (result == 0 || errno != EBADF) return result;

    result = (int)syscall(SYS_fchmodat2, descriptor, "", permissions, AT_EMPTY_PATH);
    if (result == 0 || !is_refused()) return result;
    return chmod_by_descriptor(descriptor, permissions);
}

int slipway_mknodat(int directory, const char *name, unsigned int mode, uint32_t major, uint32_t minor) {
    return mknodat(directory, name, (mode_t)mode, makedev(major, minor));
}

uint32_t slipway_device_major(uint64_t device) {
    return major((dev_t)device);
}

uint32_t slipway_device_minor(uint64_t device) {
    return minor((dev_t)device);
}

int slipway_link_descriptor(int descriptor, int directory, const char *name) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW);
}

int slipway_memfd_create(const char *name, int executable) {
    unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    if (executable) {
        int descriptor = memfd_create(name, flags | MFD_EXEC);
        if (descriptor != -1 || errno != EINVAL) return descriptor;
    }
    return memfd_create(name, flags);
}

int slipway_memfd_seal(int descriptor) {
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    int result = fcntl(descriptor, F_ADD_SEALS, seals | F_SEAL_EXEC);
    if (result != -1 || errno != EINVAL) return result;
    return fcntl(descriptor, F_ADD_SEALS, seals);
}

int slipway_memfd_seals(int descriptor) {
    return fcntl(descriptor, F_GET_SEALS);
}

int slipway_duplicate(int descriptor) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

int slipway_set_nonblocking(int descriptor, int nonblocking) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags == -1) return -1;
    return fcntl(descriptor, F_SETFL, nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int slipway_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int slipway_syncfs(int descriptor) {
    return syncfs(descriptor);
}

ssize_t slipway_copy_range(int source, int destination, size_t count) {
    return copy_file_range(source, NULL, destination, NULL, count, 0);
}

int slipway_clone_file(int source, int destination) {
    return ioctl(destination, FICLONE, source);
}

int slipway_filesystem(int descriptor, uint64_t *type, uint64_t *available, uint64_t *total) {
    struct statfs status;
    if (fstatfs(descriptor, &status) == -1) return -1;
    *type = (uint64_t)(unsigned int)status.f_type;
    if (__builtin_mul_overflow((uint64_t)status.f_bavail, (uint64_t)status.f_bsize, available)) *available = UINT64_MAX;
    if (__builtin_mul_overflow((uint64_t)status.f_blocks, (uint64_t)status.f_bsize, total)) *total = UINT64_MAX;
    return 0;
}

ssize_t slipway_getrandom(void *buffer, size_t size) {
    return getrandom(buffer, size, 0);
}
