/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The same numbers on every architecture; older headers lack them. */
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_getxattrat 464
#define SYS_listxattrat 465
#define SYS_removexattrat 466
#endif

/* struct xattr_args of linux/xattr.h, Linux 6.13. */
struct attribute_arguments {
    uint64_t value __attribute__((aligned(8)));
    uint32_t size;
    uint32_t flags;
};

/* Room for "/proc/self/fd/", a descriptor, a slash, a name of 255 bytes and the end. */
enum { path_room = 320 };

/* By descriptor the newer calls know no O_PATH, which /proc does. */
static int is_refused(const char *name) {
    return errno == ENOSYS || errno == EPERM || (!name && errno == EBADF);
}

static unsigned int lookup_flags(const char *name) {
    return name ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH;
}

/* Through /proc the directory is pinned by its descriptor, so only the last component could be a link. */
static int proc_path(char path[path_room], int directory, const char *name) {
    int length = name ? snprintf(path, path_room, "/proc/self/fd/%d/%s", directory, name)
                      : snprintf(path, path_room, "/proc/self/fd/%d", directory);
    if (length >= 0 && length < path_room) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

ssize_t slipway_list_attributes(int directory, const char *name, char *buffer, size_t size) {
    ssize_t result = syscall(SYS_listxattrat, directory, name ? name : "", lookup_flags(name), buffer, size);
    if (result >= 0 || !is_refused(name)) return result;

    char path[path_room];
    if (proc_path(path, directory, name) == -1) return -1;
    return name ? llistxattr(path, buffer, size) : listxattr(path, buffer, size);
}

ssize_t slipway_get_attribute(int directory, const char *name, const char *attribute, void *value, size_t size) {
    struct attribute_arguments arguments = {(uint64_t)(uintptr_t)value, (uint32_t)size, 0};
    ssize_t result = syscall(SYS_getxattrat, directory, name ? name : "", lookup_flags(name), attribute, &arguments,
                             sizeof arguments);
    if (result >= 0 || !is_refused(name)) return result;

    char path[path_room];
    if (proc_path(path, directory, name) == -1) return -1;
    return name ? lgetxattr(path, attribute, value, size) : getxattr(path, attribute, value, size);
}

int slipway_set_attribute(int directory, const char *name, const char *attribute, const void *value, size_t size) {
    struct attribute_arguments arguments = {(uint64_t)(uintptr_t)value, (uint32_t)size, 0};
    int result = (int)syscall(SYS_setxattrat, directory, name ? name : "", lookup_flags(name), attribute, &arguments,
                              sizeof arguments);
    if (result >= 0 || !is_refused(name)) return result;

    char path[path_room];
    if (proc_path(path, directory, name) == -1) return -1;
    return name ? lsetxattr(path, attribute, value, size, 0) : setxattr(path, attribute, value, size, 0);
}

int slipway_remove_attribute(int directory, const char *name, const char *attribute) {
    int result = (int)syscall(SYS_removexattrat, directory, name ? name : "", lookup_flags(name), attribute);
    if (result >= 0 || !is_refused(name)) return result;

    char path[path_room];
    if (proc_path(path, directory, name) == -1) return -1;
    return name ? lremovexattr(path, attribute) : removexattr(path, attribute);
}
