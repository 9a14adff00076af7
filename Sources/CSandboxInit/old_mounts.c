#define _GNU_SOURCE
#include "old_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_path = 4096, most_options = 1024, most_descriptors = 1024 };

static char stage_path[most_path];
static int stage = -1;
static unsigned int staged;

/* The file system that is being configured; there is never more than one. */
static char type_name[64];
static char source_name[256];
static char options[most_options];

static bool is_refused(long number, long first, long second, long third, long fourth, long fifth) {
    return syscall(number, first, second, third, fourth, fifth) == -1 && (errno == ENOSYS || errno == EPERM);
}

bool old_mounts_are_needed(void) {
    static int answer = -1;
    /* Flags that do not exist; whoever may mount is told so, and nothing else. */
    long none = 0xffffffff;
    if (answer == -1)
        answer = is_refused(430 /* fsopen */, 0, none, 0, 0, 0) || is_refused(431 /* fsconfig */, -1, none, 0, 0, 0)
                 || is_refused(432 /* fsmount */, -1, none, none, 0, 0) || is_refused(428 /* open_tree */, -1, 0, none, 0, 0)
                 || is_refused(429 /* move_mount */, -1, 0, -1, 0, none);
    return answer;
}

unsigned long old_mount_flags(uint64_t attributes) {
    unsigned long flags = 0;
    if (attributes & 0x1) flags |= MS_RDONLY;
    if (attributes & 0x2) flags |= MS_NOSUID;
    if (attributes & 0x4) flags |= MS_NODEV;
    if (attributes & 0x8) flags |= MS_NOEXEC;
    if (attributes & 0x20) flags |= MS_STRICTATIME;
    return flags;
}

void old_mounts_stage_at(const char *folder) {
    if (strlen(folder) < most_path) strcpy(stage_path, folder);
}

/* Makes a folder, or an empty file, to mount on. */
static int make_place(char path[64], bool is_folder) {
    if (stage == -1) {
        if (stage_path[0] == 0) return -ENOSYS;
        if (mount("tmpfs", stage_path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700") == -1) return -errno;
        int opened = open(stage_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (opened == -1) return -errno;
        /* Out of the way of descriptors that are to have a certain number: as high as a process is allowed. */
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) == -1) return -errno;
        rlim_t highest = limit.rlim_cur > most_descriptors ? most_descriptors : limit.rlim_cur;
        stage = fcntl(opened, F_DUPFD_CLOEXEC, (int)highest - 1);
        if (stage == -1) return -errno;
        close(opened);
    }
    char name[16];
    snprintf(name, sizeof name, "%u", staged++);
    int made = is_folder ? mkdirat(stage, name, 0700) : openat(stage, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made == -1) return -errno;
    if (!is_folder) close(made);
    snprintf(path, 64, "/proc/self/fd/%d/%s", stage, name);
    return 0;
}

static int open_place(const char *path) {
    int opened = open(path, O_PATH | O_CLOEXEC);
    return opened == -1 ? -errno : opened;
}

int old_fs_open(const char *type) {
    /* Overlay is mounted in one call, for which its caller has the options. */
    if (strcmp(type, "overlay") == 0) return -ENOSYS;
    snprintf(type_name, sizeof type_name, "%s", type);
    snprintf(source_name, sizeof source_name, "%s", type);
    options[0] = 0;
    /* Stands for the context; nothing is asked of it. */
    int context = open("/", O_PATH | O_CLOEXEC);
    return context == -1 ? -errno : context;
}

int old_fs_set(const char *key, const char *value) {
    if (strcmp(key, "source") == 0) {
        snprintf(source_name, sizeof source_name, "%s", value);
        return 0;
    }
    /* Does without, as on kernels that are too old for it: they would refuse all of the options. */
    if (strcmp(key, "noswap") == 0) return 0;
    size_t used = strlen(options);
    int added = snprintf(options + used, sizeof options - used, "%s%s%s%s", used ? "," : "", key, value ? "=" : "",
                         value ? value : "");
    return added < 0 || (size_t)added >= sizeof options - used ? -ENAMETOOLONG : 0;
}

int old_fs_mount(uint64_t attributes) {
    char path[64];
    int result = make_place(path, true);
    if (result < 0) return result;
    if (mount(source_name, path, type_name, old_mount_flags(attributes), options) == -1) return -errno;
    return open_place(path);
}

int old_clone_mount(int source, bool recursive) {
    struct stat found;
    if (fstat(source, &found) == -1) return -errno;
    char path[64], from[32];
    int result = make_place(path, S_ISDIR(found.st_mode));
    if (result < 0) return result;
    snprintf(from, sizeof from, "/proc/self/fd/%d", source);
    if (mount(from, path, NULL, MS_BIND | (recursive ? MS_REC : 0), NULL) == -1) return -errno;
    return open_place(path);
}

int old_attach_mount(int mounted, int target) {
    char from[32], to[32];
    snprintf(from, sizeof from, "/proc/self/fd/%d", mounted);
    snprintf(to, sizeof to, "/proc/self/fd/%d", target);
    return mount(from, to, NULL, MS_MOVE, NULL) == -1 ? -errno : 0;
}
