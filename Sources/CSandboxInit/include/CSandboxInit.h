// System calls of the first process of a container, without policy.
//
// Every function returns what the kernel returned, or the negative error number. Paths end in a NUL. Calls that the
// C library may lack are made by number.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// What `init_stat` tells of a file.
struct init_status {
    uint64_t device;
    uint64_t inode;
    uint32_t mode;
    uint32_t device_major;
    uint32_t device_minor;
};

// Error numbers that the program tells apart; macros of the C library are not all visible from Swift.
enum init_error {
    INIT_EPERM = 1,
    INIT_ENOENT = 2,
    INIT_E2BIG = 7,
    INIT_EAGAIN = 11,
    INIT_EACCES = 13,
    INIT_EBUSY = 16,
    INIT_EEXIST = 17,
    INIT_ENODEV = 19,
    INIT_ENOTDIR = 20,
    INIT_EISDIR = 21,
    INIT_EINVAL = 22,
    INIT_ENAMETOOLONG = 36,
    INIT_ENOSYS = 38,
    INIT_ELOOP = 40,
    INIT_EPROTO = 71,
    INIT_EDQUOT = 122,
};

// Files.
int init_open(int directory, const char *path, int flags, uint32_t mode);
int init_open_in_root(int root, const char *path, int flags, bool follow_links);
int init_duplicate(int descriptor);
int init_close(int descriptor);
int init_stat(int descriptor, struct init_status *status);
int init_is_kernel_tree(int descriptor);
int init_exists(const char *path);
int init_make_directory(int directory, const char *name, uint32_t mode);
int init_make_node(int directory, const char *name, uint32_t mode, uint32_t major, uint32_t minor);
int init_make_symbolic_link(int directory, const char *name, const char *target);
int init_read_link(int directory, const char *name, char *buffer, uint32_t capacity);
int init_change_directory(int descriptor);
int init_current_directory(char *buffer, uint32_t capacity);
int64_t init_map(int descriptor, const uint8_t **start);
int init_write(int descriptor, const void *bytes, uint32_t count);

/* Waits for a message and takes the descriptors it brings, in order, under the lowest free numbers: their count, and the
 * last of them in `last`. 0 when the other end is gone. recvmsg(2), cmsg(3). */
int init_receive_descriptors(int descriptor, int *last);
int init_set_owner(int descriptor, uint32_t user, uint32_t group);
int init_set_node_attributes(int directory, const char *name, uint32_t user, uint32_t group, uint32_t mode);
int init_set_mode(int descriptor, uint32_t mode);

int init_flags_path(void);
int init_flags_directory(void);
int init_flags_path_no_follow(void);
int init_flags_new_file(void);

// Mounts.
int init_follow_unmounts(void);
int init_make_mounts_private(void);

/* Names a folder of the host whose path nobody needs any more, for mounts that kernels attach nowhere else. */
void init_stage_at(const char *folder);
int init_fs_open(const char *type);
int init_fs_set_string(int context, const char *key, const char *value);
int init_fs_set_folder(int context, const char *key, const char *path);
int init_fs_set_flag(int context, const char *key);
int init_fs_create(int context);
int init_fs_mount(int context, uint64_t attributes);
int init_clone_mount(int file, bool recursive);
int init_set_mount_attributes(int mount, uint64_t set, uint64_t clear, bool recursive);
int init_attach_mount(int mount, int target);
int init_mount_overlay(const char *target, uint64_t attributes, const char *options);
int init_pivot_to(int root);

// The process.
int init_die_with_parent(void);
int init_peer_is_gone(int descriptor);
int init_set_dumpable(bool dumpable);
int init_close_from(int first, uint32_t last);
int init_close_on_exec(int descriptor);
int init_set_host_name(const char *name, uint32_t count);
int init_raise_loopback(void);

/* Enters a network namespace and closes its descriptor. */
int init_join_network(int descriptor);
void init_set_umask(uint32_t mask);
int init_set_limit(uint32_t resource, uint64_t soft, uint64_t hard);
int init_join_session_keyring(void);
int init_install_filter(const void *instructions, uint32_t count);
int init_drop_bounding(uint64_t kept);
int init_keep_capabilities(void);
int init_set_groups(const uint32_t *groups, uint32_t count);
int init_set_group(uint32_t group);
int init_set_user(uint32_t user);
int init_set_capabilities(uint64_t active, uint64_t inheritable, uint64_t ambient);
int init_execute(const char *path, char *const *arguments, char *const *environment);
_Noreturn void init_exit(int code);
