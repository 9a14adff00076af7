/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

const uint64_t slipway_mount_attr_rdonly = MOUNT_ATTR_RDONLY;
const uint64_t slipway_mount_attr_nosuid = MOUNT_ATTR_NOSUID;
const uint64_t slipway_mount_attr_nodev = MOUNT_ATTR_NODEV;
const uint64_t slipway_mount_attr_noexec = MOUNT_ATTR_NOEXEC;

int slipway_fsopen(const char *type) {
    return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

int slipway_fsconfig_string(int context, const char *key, const char *value) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

int slipway_fsconfig_flag(int context, const char *key) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, key, (void *)0, 0);
}

int slipway_fsconfig_create(int context) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, (void *)0, (void *)0, 0);
}

int slipway_fsmount(int context, uint64_t attributes) {
    return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, (unsigned int)attributes);
}

int slipway_open_tree_clone(int descriptor, int recursive) {
    unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
    return (int)syscall(SYS_open_tree, descriptor, "", recursive ? flags | AT_RECURSIVE : flags);
}

int slipway_move_mount(int mount, int target) {
    return (int)syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int slipway_mount_setattr(int mount, uint64_t attributes, int recursive) {
    struct mount_attr change = {0};
    change.attr_set = attributes;
    return (int)syscall(SYS_mount_setattr, mount, "", recursive ? AT_EMPTY_PATH | AT_RECURSIVE : AT_EMPTY_PATH, &change,
                        sizeof change);
}

int slipway_try_overlay(const char *folder, int user_attributes) {
    if (unshare(CLONE_NEWNS) == -1 || chdir(folder) == -1) return -1;
    if (mount((void *)0, "/", (void *)0, MS_REC | MS_PRIVATE, (void *)0) == -1) return -1;
    const char *options = user_attributes ? "lowerdir=lower:second,upperdir=upper,workdir=work,userxattr"
                                          : "lowerdir=lower:second,upperdir=upper,workdir=work";
    return mount("overlay", "work", "overlay", 0, options);
}

int slipway_unmount(const char *path) {
    return umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}
