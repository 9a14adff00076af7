/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_MOUNTS_H
#define SLIPWAY_MOUNTS_H

#include <stdint.h>

/*
 * The mount calls that work on descriptors. glibc wraps them only since 2.36, and variadic syscall(2) is out of reach
 * of Swift. Each returns -1 with errno set when it fails.
 */

/* MOUNT_ATTR_* bits of mount_setattr(2). */
extern const uint64_t slipway_mount_attr_rdonly;
extern const uint64_t slipway_mount_attr_nosuid;
extern const uint64_t slipway_mount_attr_nodev;
extern const uint64_t slipway_mount_attr_noexec;

/* fsopen(2) with FSOPEN_CLOEXEC, Linux 5.2. Messages of the file system can be read from the descriptor. */
int slipway_fsopen(const char *type);

/* fsconfig(2): FSCONFIG_SET_STRING, SET_FLAG and CMD_CREATE. A string holds at most 255 bytes. */
int slipway_fsconfig_string(int context, const char *key, const char *value);
int slipway_fsconfig_flag(int context, const char *key);
int slipway_fsconfig_create(int context);

/* fsmount(2) with FSMOUNT_CLOEXEC, Linux 5.2: a mount that no namespace holds. */
int slipway_fsmount(int context, uint64_t attributes);

/* open_tree(2) of a descriptor with OPEN_TREE_CLONE, Linux 5.2: a bind mount that no namespace holds. */
int slipway_open_tree_clone(int descriptor, int recursive);

/* move_mount(2) from descriptor to descriptor, Linux 5.2. */
int slipway_move_mount(int mount, int target);

/*
 * Mounts an overlay of the folders "lower", "second", "upper" and "work" below a folder with mount(2), in a mount
 * namespace and with a working directory that the calling thread keeps from now on; nobody else sees it.
 */
int slipway_try_overlay(const char *folder, int user_attributes);

/* umount2(2) with MNT_DETACH and UMOUNT_NOFOLLOW, both of which need _GNU_SOURCE. */
int slipway_unmount(const char *path);

/* mount_setattr(2) of a descriptor, Linux 5.12; only ever adds attributes. */
int slipway_mount_setattr(int mount, uint64_t attributes, int recursive);

#endif
