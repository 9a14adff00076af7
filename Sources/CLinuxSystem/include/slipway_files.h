/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_FILES_H
#define SLIPWAY_FILES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Calls on files and directories that Swift cannot make itself: variadic functions, calls without a glibc wrapper,
 * and constants that need _GNU_SOURCE. Every function makes one system call, or the older one where the kernel lacks
 * the newer, and returns -1 with errno set when it fails. None follows a symbolic link in the last component, unless
 * its comment says so.
 */

/* Constants of open(2), openat2(2), lseek(2) and the *at calls that the C library hides without _GNU_SOURCE. */
extern const int slipway_o_path;
extern const int slipway_o_tmpfile;
extern const int slipway_at_empty_path;
extern const int slipway_seek_data;
extern const int slipway_seek_hole;
extern const uint64_t slipway_resolve_no_xdev;
extern const uint64_t slipway_resolve_no_magiclinks;
extern const uint64_t slipway_resolve_no_symlinks;
extern const uint64_t slipway_resolve_beneath;
extern const uint64_t slipway_resolve_in_root;

/* openat(2), which is variadic; O_CLOEXEC is added. */
int slipway_openat(int directory, const char *path, int flags, unsigned int permissions);

/* openat2(2), which glibc does not wrap; O_CLOEXEC is added. ENOSYS before Linux 5.6. */
int slipway_openat2(int directory, const char *path, int flags, unsigned int permissions, uint64_t resolve);

/* readlinkat(2), which glibc promises to write where Swift knows an optional buffer only. */
ssize_t slipway_readlinkat(int directory, const char *path, char *buffer, size_t size);

/* getdents64(2), which glibc declares for _GNU_SOURCE alone. */
ssize_t slipway_getdents64(int directory, void *buffer, size_t size);

/* renameat2(2) with RENAME_NOREPLACE. EINVAL where the file system does not know the flag. */
int slipway_rename_no_replace(int old_directory, const char *old_name, int new_directory, const char *new_name);

/* renameat2(2) with RENAME_EXCHANGE. */
int slipway_rename_exchange(int old_directory, const char *old_name, int new_directory, const char *new_name);

/*
 * fchmodat2(2) with AT_SYMLINK_NOFOLLOW, Linux 6.6; before that chmod(2) through /proc/self/fd of a pinned file.
 * EOPNOTSUPP for a symbolic link.
 */
int slipway_set_permissions(int directory, const char *name, unsigned int permissions);

/* fchmod(2) of the file itself, also when the descriptor was opened with O_PATH. */
int slipway_set_own_permissions(int descriptor, unsigned int permissions);

/* mknodat(2) with the device given by its two numbers. */
int slipway_mknodat(int directory, const char *name, unsigned int mode, uint32_t major, uint32_t minor);

/* The two numbers of a dev_t; macros in C. */
uint32_t slipway_device_major(uint64_t device);
uint32_t slipway_device_minor(uint64_t device);

/* linkat(2) that gives an O_TMPFILE file its first name, through /proc/self/fd. */
int slipway_link_descriptor(int descriptor, int directory, const char *name);

/* memfd_create(2), close-on-exec and sealable; executable asks for MFD_EXEC where the kernel knows it (Linux 6.3). */
int slipway_memfd_create(const char *name, int executable);

/* fcntl(F_ADD_SEALS) with every seal against change; F_SEAL_EXEC too where the kernel knows it (Linux 6.3). */
int slipway_memfd_seal(int descriptor);

/* fcntl(F_GET_SEALS). */
int slipway_memfd_seals(int descriptor);

/* fcntl(F_DUPFD_CLOEXEC), which is variadic. */
int slipway_duplicate(int descriptor);

/* fcntl(F_SETFL) with O_NONBLOCK set or cleared. */
int slipway_set_nonblocking(int descriptor, int nonblocking);

/* pipe2(2) with O_CLOEXEC. */
int slipway_pipe(int ends[2]);

/* syncfs(2). */
int slipway_syncfs(int descriptor);

/* copy_file_range(2) at both files' own offsets. */
ssize_t slipway_copy_range(int source, int destination, size_t count);

/* ioctl(FICLONE), which is variadic: the destination shares the source's blocks. */
int slipway_clone_file(int source, int destination);

/* fstatfs(2): the magic number of the file system, its free bytes for this user, and its size. */
int slipway_filesystem(int descriptor, uint64_t *type, uint64_t *available, uint64_t *total);

/*
 * Extended attributes of `name` in `directory`, or of the descriptor itself when `name` is NULL (O_PATH included).
 *
 * The *xattrat calls of Linux 6.13, else the l*xattr calls through /proc/self/fd, which needs a mounted /proc.
 */
ssize_t slipway_list_attributes(int directory, const char *name, char *buffer, size_t size);
ssize_t slipway_get_attribute(int directory, const char *name, const char *attribute, void *value, size_t size);
int slipway_set_attribute(int directory, const char *name, const char *attribute, const void *value, size_t size);
int slipway_remove_attribute(int directory, const char *name, const char *attribute);

/* getrandom(2), which the C library hides without _DEFAULT_SOURCE. */
ssize_t slipway_getrandom(void *buffer, size_t size);

#endif
