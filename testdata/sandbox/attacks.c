/*
 * What a hostile command tries against its sandbox. Built statically by the tests and run as a step.
 *
 *   attacks calls        one line for each refused system call and each way to make it: WAY NAME ERRNO
 *   attacks sockets      one line for each socket family: WAY FAMILY ERRNO
 *   attacks threads      whether what a C library needs to make processes and threads still works
 *   attacks escape PATH  leaves a changed root the classical way and looks for a file of the host
 *   attacks write PATH   opens a file for writing
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
    const char *name;
    long number;
    long number32;
};

/* Numbers of x86_64 and of 32-bit x86; -1 where there is no such call. */
static const struct call calls[] = {
    {"mount", 165, 21}, {"umount2", 166, 52}, {"pivot_root", 155, 217}, {"unshare", 272, 310}, {"setns", 308, 346},
    {"open_tree", 428, 428}, {"move_mount", 429, 429}, {"fsopen", 430, 430}, {"fsconfig", 431, 431},
    {"fsmount", 432, 432}, {"fspick", 433, 433}, {"mount_setattr", 442, 442}, {"io_uring_setup", 425, 425},
    {"io_uring_enter", 426, 426}, {"io_uring_register", 427, 427}, {"add_key", 248, 286}, {"request_key", 249, 287},
    {"keyctl", 250, 288}, {"bpf", 321, 357}, {"perf_event_open", 298, 336}, {"userfaultfd", 323, 374},
    {"kexec_load", 246, 283}, {"kexec_file_load", 320, -1}, {"init_module", 175, 128}, {"finit_module", 313, 350},
    {"delete_module", 176, 129}, {"create_module", 174, 127}, {"query_module", 178, 167},
    {"get_kernel_syms", 177, 130}, {"open_by_handle_at", 304, 342}, {"swapon", 167, 87}, {"swapoff", 168, 115},
    {"quotactl", 179, 131}, {"quotactl_fd", 443, 443}, {"iopl", 172, 110}, {"ioperm", 173, 101},
    {"settimeofday", 164, 79}, {"clock_settime", 227, 264}, {"sethostname", 170, 74}, {"setdomainname", 171, 121},
    {"syslog", 103, 103}, {"lookup_dcookie", 212, 253}, {"fanotify_init", 300, 338}, {"kcmp", 312, 349},
    {"pidfd_getfd", 438, 438}, {"process_madvise", 440, 440}, {"mbind", 237, 274}, {"set_mempolicy", 238, 276},
    {"get_mempolicy", 239, 275}, {"migrate_pages", 256, 294}, {"move_pages", 279, 317}, {"nfsservctl", 180, 169},
    {"uselib", 134, 86}, {"ustat", 136, 62}, {"sysfs", 139, 135}, {"_sysctl", 156, 149},
    {"set_mempolicy_home_node", 450, 450}, {"lsm_set_self_attr", 460, 460}, {"vm86", -1, 166}, {"stime", -1, 25},
};

static long call64(long number, long first) {
    long result;
    register long fourth __asm__("r10") = 0;
    register long fifth __asm__("r8") = 0;
    register long sixth __asm__("r9") = 0;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(first), "S"(0L), "d"(0L), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

static long call32(long number, long first) {
    int result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"((int)number), "b"((int)first), "c"(0), "d"(0), "S"(0), "D"(0)
                     : "r8", "r9", "r10", "r11", "memory");
    return result;
}

static long x32(long number) { return number | 0x40000000L; }

static int try_calls(void) {
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        const struct call *tried = &calls[index];
        if (tried->number != -1) {
            printf("amd64 %s %ld\n", tried->name, -call64(tried->number, 0));
            printf("x32 %s %ld\n", tried->name, -call64(x32(tried->number), 0));
        }
        if (tried->number32 != -1) printf("i386 %s %ld\n", tried->name, -call32(tried->number32, 0));
    }
    /* These do not exist for a program here, so that it takes another way. */
    printf("newer clone3 %ld\n", -call64(435, 0));
    printf("newer clone3-i386 %ld\n", -call32(435, 0));
    printf("newer future %ld\n", -call64(2000, 0));
    printf("newer future-i386 %ld\n", -call32(2000, 0));
    long user = 0x10000000; /* CLONE_NEWUSER */
    printf("amd64 clone-user %ld\n", -call64(56, user | 17));
    printf("i386 clone-user %ld\n", -call32(120, user | 17));
    printf("amd64 personality %ld\n", -call64(135, 0x0040000));
    printf("i386 personality %ld\n", -call32(136, 0x0040000));
    return 0;
}

static int try_sockets(void) {
    static const int families[] = {1, 2, 10, 16, 38, 40};
    for (size_t index = 0; index < sizeof families / sizeof *families; index++) {
        int family = families[index];
        int type = family == 16 ? 3 : 1;
        long result;
        register long fourth __asm__("r10") = 0;
        __asm__ volatile("syscall"
                         : "=a"(result)
                         : "0"(41L), "D"((long)family), "S"((long)type), "d"(0L), "r"(fourth)
                         : "rcx", "r11", "memory");
        printf("amd64 %d %ld\n", family, result < 0 ? -result : 0);
        int result32;
        __asm__ volatile("int $0x80"
                         : "=a"(result32)
                         : "0"(359), "b"(family), "c"(type), "d"(0)
                         : "r8", "r9", "r10", "r11", "memory");
        printf("i386 %d %d\n", family, result32 < 0 ? -result32 : 0);
    }
    return 0;
}

static void *run(void *argument) { return argument; }

static int try_threads(void) {
    pthread_t thread;
    void *returned = NULL;
    int mark = 0;
    if (pthread_create(&thread, NULL, run, &mark) != 0) return 1;
    if (pthread_join(thread, &returned) != 0 || returned != &mark) return 2;
    pid_t child = fork();
    if (child == 0) _exit(7);
    int status;
    if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 7) return 3;
    puts("ok");
    return 0;
}

static int try_escape(const char *canary) {
    mkdir("/escape", 0755);
    int outside = open("/", O_RDONLY | O_DIRECTORY);
    if (chroot("/escape") != 0) return printf("no chroot: %d\n", errno), 0;
    /* The working directory was never changed, so that it is above the new root. */
    if (fchdir(outside) != 0) return printf("no folder: %d\n", errno), 0;
    for (int depth = 0; depth < 100; depth++) {
        if (chdir("..") != 0) break;
    }
    if (chroot(".") != 0) return printf("no second chroot: %d\n", errno), 0;
    puts(access(canary, F_OK) == 0 ? "outside" : "inside");
    puts(access("/proc/1/root/bin/sh", F_OK) == 0 ? "own root" : "no root");
    return 0;
}

static int try_write(const char *path) {
    int file = open(path, O_WRONLY);
    printf("%d\n", file < 0 ? errno : 0);
    return 0;
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    if (strcmp(arguments[1], "calls") == 0) return try_calls();
    if (strcmp(arguments[1], "sockets") == 0) return try_sockets();
    if (strcmp(arguments[1], "threads") == 0) return try_threads();
    if (count > 2 && strcmp(arguments[1], "escape") == 0) return try_escape(arguments[2]);
    if (count > 2 && strcmp(arguments[1], "write") == 0) return try_write(arguments[2]);
    return 64;
}
