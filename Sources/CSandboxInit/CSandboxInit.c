#define _GNU_SOURCE
#include "CSandboxInit.h"
#include "old_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// From kernel headers newer than some C libraries have.
#define NUMBER_OPEN_TREE 428
#define NUMBER_MOVE_MOUNT 429
#define NUMBER_FSOPEN 430
#define NUMBER_FSCONFIG 431
#define NUMBER_FSMOUNT 432
#define NUMBER_CLOSE_RANGE 436
#define NUMBER_OPENAT2 437
#define NUMBER_MOUNT_SETATTR 442

struct mount_attributes {
    uint64_t set;
    uint64_t clear;
    uint64_t propagation;
    uint64_t user_namespace;
};

struct filter_program {
    unsigned short count;
    const void *instructions;
};

struct kernel_limit {
    uint64_t soft;
    uint64_t hard;
};

static int outcome(long result) { return result < 0 ? -errno : (int)result; }

int init_open(int directory, const char *path, int flags, uint32_t mode) {
    return outcome(openat(directory, path, flags | O_CLOEXEC, mode));
}

int init_open_in_root(int root, const char *path, int flags, bool follow_links) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(uint32_t)(flags | O_CLOEXEC);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (follow_links ? 0 : RESOLVE_NO_SYMLINKS);
    return outcome(syscall(NUMBER_OPENAT2, root, path, &how, sizeof how));
}

int init_duplicate(int descriptor) { return outcome(fcntl(descriptor, F_DUPFD_CLOEXEC, 5)); }

int init_close(int descriptor) { return outcome(close(descriptor)); }

int init_stat(int descriptor, struct init_status *status) {
    struct stat found;
    if (fstat(descriptor, &found) < 0) return -errno;
    status->device = found.st_dev;
    status->inode = found.st_ino;
    status->mode = found.st_mode;
    status->device_major = major(found.st_rdev);
    status->device_minor = minor(found.st_rdev);
    return 0;
}

int init_is_kernel_tree(int descriptor) {
    struct statfs found;
    if (fstatfs(descriptor, &found) < 0) return -errno;
    long type = (long)found.f_type;
    return type == PROC_SUPER_MAGIC || type == SYSFS_MAGIC || type == CGROUP_SUPER_MAGIC || type == CGROUP2_SUPER_MAGIC;
}

int init_exists(const char *path) {
    struct stat found;
    return stat(path, &found) == 0;
}

int init_make_directory(int directory, const char *name, uint32_t mode) {
    return outcome(mkdirat(directory, name, mode));
}

int init_make_node(int directory, const char *name, uint32_t mode, uint32_t major, uint32_t minor) {
    return outcome(mknodat(directory, name, mode, makedev(major, minor)));
}

int init_make_symbolic_link(int directory, const char *name, const char *target) {
    return outcome(symlinkat(target, directory, name));
}

int init_read_link(int directory, const char *name, char *buffer, uint32_t capacity) {
    return outcome(readlinkat(directory, name, buffer, capacity));
}

int init_change_directory(int descriptor) { return outcome(fchdir(descriptor)); }

int init_current_directory(char *buffer, uint32_t capacity) {
    // The C library hides what the kernel says of a directory outside the root.
    return outcome(syscall(SYS_getcwd, buffer, (unsigned long)capacity));
}

int64_t init_map(int descriptor, const uint8_t **start) {
    struct stat found;
    if (fstat(descriptor, &found) < 0) return -errno;
    if (found.st_size == 0) return -EPROTO;
    void *mapped = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    if (mapped == MAP_FAILED) return -errno;
    *start = mapped;
    return found.st_size;
}

int init_write(int descriptor, const void *bytes, uint32_t count) {
    return outcome(TEMP_FAILURE_RETRY(write(descriptor, bytes, count)));
}

int init_receive_descriptors(int descriptor, int *last) {
    // What one message can bring, so that nothing is cut off and left open.
    enum { most = 253 };
    char byte;
    struct iovec content = {.iov_base = &byte, .iov_len = 1};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(most * sizeof(int))];
    struct msghdr message = {
        .msg_iov = &content, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = TEMP_FAILURE_RETRY(recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC));
    if (count < 0) return -errno;
    if (count == 0) return 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return -EPROTO;
    size_t received = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (received == 0) return -EPROTO;
    memcpy(last, CMSG_DATA(header) + (received - 1) * sizeof(int), sizeof *last);
    return (int)received;
}

int init_set_owner(int descriptor, uint32_t user, uint32_t group) { return outcome(fchown(descriptor, user, group)); }

int init_set_node_attributes(int directory, const char *name, uint32_t user, uint32_t group, uint32_t mode) {
    // A node is not opened for it: that would be felt by the device.
    if (fchownat(directory, name, user, group, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
    return outcome(fchmodat(directory, name, mode, 0));
}

int init_set_mode(int descriptor, uint32_t mode) { return outcome(fchmod(descriptor, mode)); }

int init_flags_path(void) { return O_PATH; }
int init_flags_directory(void) { return O_PATH | O_DIRECTORY; }
int init_flags_path_no_follow(void) { return O_PATH | O_NOFOLLOW; }
int init_flags_new_file(void) { return O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW; }

int init_follow_unmounts(void) { return outcome(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL)); }

int init_make_mounts_private(void) { return outcome(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)); }

void init_stage_at(const char *folder) { old_mounts_stage_at(folder); }

int init_fs_open(const char *type) {
    if (old_mounts_are_needed()) return old_fs_open(type);
    return outcome(syscall(NUMBER_FSOPEN, type, 1 /* FSOPEN_CLOEXEC */));
}

int init_fs_set_string(int context, const char *key, const char *value) {
    if (old_mounts_are_needed()) return old_fs_set(key, value);
    return outcome(syscall(NUMBER_FSCONFIG, context, 1 /* FSCONFIG_SET_STRING */, key, value, 0));
}

int init_fs_set_folder(int context, const char *key, const char *path) {
    // A context takes strings of up to 255 bytes; a longer path goes by its descriptor.
    if (strlen(path) <= 255) return init_fs_set_string(context, key, path);
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -errno;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    int result = init_fs_set_string(context, key, link);
    close(folder);
    return result;
}

int init_fs_set_flag(int context, const char *key) {
    if (old_mounts_are_needed()) return old_fs_set(key, NULL);
    return outcome(syscall(NUMBER_FSCONFIG, context, 0 /* FSCONFIG_SET_FLAG */, key, NULL, 0));
}

int init_fs_create(int context) {
    // There is no step of its own for this in the old way: what is wrong is told by the mount.
    if (old_mounts_are_needed()) return 0;
    return outcome(syscall(NUMBER_FSCONFIG, context, 6 /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0));
}

int init_fs_mount(int context, uint64_t attributes) {
    if (old_mounts_are_needed()) return old_fs_mount(attributes);
    return outcome(syscall(NUMBER_FSMOUNT, context, 1 /* FSMOUNT_CLOEXEC */, (unsigned int)attributes));
}

int init_clone_mount(int file, bool recursive) {
    if (old_mounts_are_needed()) return old_clone_mount(file, recursive);
    unsigned int flags = 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC | AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
    return outcome(syscall(NUMBER_OPEN_TREE, file, "", flags | (recursive ? AT_RECURSIVE : 0)));
}

// The same for an attached mount, without those below it, where the kernel knows no other way than to mount again:
// before Linux 5.12.
static int remount(int mount_descriptor, uint64_t set, uint64_t clear) {
    struct statvfs found;
    if (fstatvfs(mount_descriptor, &found) < 0) return -errno;
    // The flags of statvfs(3) have the numbers of mount(2) as far as they concern one mount.
    unsigned long kept = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME | MS_RELATIME;
    unsigned long flags = (found.f_flag & kept & ~old_mount_flags(clear)) | old_mount_flags(set);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", mount_descriptor);
    return outcome(mount(NULL, link, NULL, MS_REMOUNT | MS_BIND | flags, NULL));
}

int init_set_mount_attributes(int mount, uint64_t set, uint64_t clear, bool recursive) {
    if (set == 0 && clear == 0) return 0;
    struct mount_attributes wanted = {.set = set, .clear = clear};
    unsigned int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    long result = syscall(NUMBER_MOUNT_SETATTR, mount, "", flags, &wanted, sizeof wanted);
    // A filter around us may refuse what it does not know.
    if (result < 0 && (errno == ENOSYS || errno == EPERM)) return remount(mount, set, clear);
    return outcome(result);
}

int init_attach_mount(int mount, int target) {
    if (old_mounts_are_needed()) return old_attach_mount(mount, target);
    unsigned int flags = 0x4 /* MOVE_MOUNT_F_EMPTY_PATH */ | 0x40 /* MOVE_MOUNT_T_EMPTY_PATH */;
    return outcome(syscall(NUMBER_MOVE_MOUNT, mount, "", target, "", flags));
}

int init_mount_overlay(const char *target, uint64_t attributes, const char *options) {
    return outcome(mount("overlay", target, "overlay", old_mount_flags(attributes), options));
}

int init_pivot_to(int root) {
    if (fchdir(root) < 0) return -errno;
    // Old and new root are stacked on one directory, so that no mount point for the old one is needed.
    if (syscall(SYS_pivot_root, ".", ".") < 0) return -errno;
    if (umount2(".", MNT_DETACH) < 0) return -errno;
    return outcome(chdir("/"));
}

int init_die_with_parent(void) { return outcome(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)); }

int init_peer_is_gone(int descriptor) {
    struct pollfd watched = {.fd = descriptor};
    int ready = poll(&watched, 1, 0);
    if (ready < 0) return -errno;
    return (watched.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

int init_set_dumpable(bool dumpable) { return outcome(prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0)); }

int init_close_from(int first, uint32_t last) {
    if (syscall(NUMBER_CLOSE_RANGE, first, last, 0) == 0) return 0;
    if (errno != ENOSYS && errno != EPERM) return -errno;
    // The lowest free number is always taken, and few are: behind so many unused ones there is none.
    enum { gap = 4096 };
    int unused = 0;
    for (uint32_t number = (uint32_t)first; number <= last && number <= INT32_MAX && unused < gap; number++)
        unused = close((int)number) == 0 ? 0 : unused + 1;
    return 0;
}

int init_close_on_exec(int descriptor) { return outcome(fcntl(descriptor, F_SETFD, FD_CLOEXEC)); }

int init_set_host_name(const char *name, uint32_t count) { return outcome(sethostname(name, count)); }

int init_raise_loopback(void) {
    int socket_descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_descriptor < 0) return -errno;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    int result = outcome(ioctl(socket_descriptor, SIOCSIFFLAGS, &request));
    close(socket_descriptor);
    return result;
}

int init_join_network(int descriptor) {
    int result = outcome(setns(descriptor, CLONE_NEWNET));
    close(descriptor);
    return result;
}

void init_set_umask(uint32_t mask) { umask(mask); }

int init_set_limit(uint32_t resource, uint64_t soft, uint64_t hard) {
    struct kernel_limit limit = {.soft = soft, .hard = hard};
    return outcome(syscall(SYS_prlimit64, 0, resource, &limit, NULL));
}

int init_join_session_keyring(void) {
    return outcome(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL, 0, 0, 0) < 0 ? -1 : 0);
}

int init_install_filter(const void *instructions, uint32_t count) {
    struct filter_program program = {.count = (unsigned short)count, .instructions = instructions};
    unsigned int speculation_allowed = 1u << 2;
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, speculation_allowed, &program);
    if (result < 0 && errno == EINVAL) result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    return outcome(result);
}

int init_drop_bounding(uint64_t kept) {
    for (unsigned int number = 0; number < 64; number++) {
        if (kept >> number & 1) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0) continue;
        // The first number that the kernel does not know ends the list.
        return errno == EINVAL ? 0 : -errno;
    }
    return 0;
}

int init_keep_capabilities(void) { return outcome(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)); }

// Made by number: the C library would signal every thread first, and here is only one.
int init_set_groups(const uint32_t *groups, uint32_t count) {
    return outcome(syscall(SYS_setgroups, (unsigned long)count, groups));
}

int init_set_group(uint32_t group) { return outcome(syscall(SYS_setresgid, group, group, group)); }

int init_set_user(uint32_t user) { return outcome(syscall(SYS_setresuid, user, user, user)); }

int init_set_capabilities(uint64_t active, uint64_t inheritable, uint64_t ambient) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    uint64_t held = data[0].permitted | (uint64_t)data[1].permitted << 32;
    for (int half = 0; half < 2; half++) {
        data[half].permitted = data[half].effective = (uint32_t)((active & held) >> (32 * half));
        data[half].inheritable = (uint32_t)((inheritable & held) >> (32 * half));
    }
    if (syscall(SYS_capset, &header, data) < 0) return -errno;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -errno;
    for (unsigned long number = 0; number < 64; number++) {
        if (!((ambient & held) >> number & 1)) continue;
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) < 0) return -errno;
    }
    return 0;
}

int init_execute(const char *path, char *const *arguments, char *const *environment) {
    execve(path, arguments, environment);
    return -errno;
}

void init_exit(int code) { _exit(code); }
