/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_extra = 8, most_descriptors = most_extra + 4, stack_size = 64 << 10, guard_size = 64 << 10 };

/* Signals are numbered from 1 to this. */
enum { kernel_signals = 64 };

const size_t slipway_spawn_most_extra = most_extra;

/* Shared between parent and child, also when the child has a copy of everything else. */
struct outcome {
    _Atomic int error;
};

struct start {
    const struct slipway_spawn_request *request;
    struct outcome *outcome;
    /* A pidfd of the parent, or -1. */
    int parent;
    /* The control group that the process was made in, or -1. */
    int joined;
    /* The nice value of this process. */
    int niceness;
};

/*
 * What follows runs in the child, on memory shared with the suspended parent: no allocation, no locks, no library
 * function that is more than its system call.
 */

static _Noreturn void give_up(const struct start *start) {
    atomic_store(&start->outcome->error, errno ? errno : EINVAL);
    _exit(127);
}

static void reset_signals(void) {
    /* The kernel's own form, all zeros for SIG_DFL: glibc's keeps its hands off the two signals it uses itself. */
    static const uint64_t by_default[4];
    /* Fails for KILL and STOP, which is well. */
    for (int number = 1; number <= kernel_signals; number++)
        syscall(SYS_rt_sigaction, number, by_default, (void *)0, (size_t)kernel_signals / 8);

    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, (void *)0, sizeof none);
}

/* The parent may have died before the kernel was told to watch it. */
static int parent_is_gone(int parent) {
    struct pollfd watched = {parent, POLLIN, 0};
    return parent != -1 && poll(&watched, 1, 0) == 1;
}

/* close_range(2) is missing before Linux 5.9; procfs then lists what to close. */
static int close_listed(int first) {
    struct record {
        uint64_t inode;
        int64_t offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    _Alignas(8) char buffer[4096];
    int listing = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (listing == -1) return -1;

    int closed_some;
    do {
        closed_some = 0;
        if (lseek(listing, 0, SEEK_SET) == -1) return -1;
        long count;
        while ((count = syscall(SYS_getdents64, listing, buffer, sizeof buffer)) > 0) {
            for (long position = 0; position < count;) {
                struct record *record = (struct record *)(buffer + position);
                position += record->length;
                int number = 0;
                const char *digit = record->name;
                while (*digit >= '0' && *digit <= '9') number = number * 10 + (*digit++ - '0');
                if (*digit != 0 || digit == record->name || number < first || number == listing) continue;
                close(number);
                closed_some = 1;
            }
        }
        if (count == -1) return -1;
    } while (closed_some);
    return close(listing);
}

/* Puts the standard, the extra and the executable's descriptor at 0, 1, 2, 3 and so on, and closes all others. */
static int place_descriptors(const struct slipway_spawn_request *request) {
    int sources[most_descriptors];
    int count = 0;
    for (int index = 0; index < 3; index++) sources[count++] = request->standard[index];
    for (size_t index = 0; index < request->extra_count; index++) sources[count++] = request->extra[index];
    sources[count++] = request->executable;

    /* First out of the way of all targets, for a source may be the target of another. */
    for (int index = 0; index < count; index++) {
        int moved = fcntl(sources[index], F_DUPFD_CLOEXEC, count);
        if (moved == -1) return -1;
        sources[index] = moved;
    }
    for (int index = 0; index < count; index++) {
        int flags = index == count - 1 ? O_CLOEXEC : 0;
        if (dup3(sources[index], index, flags) == -1) return -1;
    }
    if (request->without_close_range || syscall(SYS_close_range, (unsigned int)count, ~0U, 0) == -1) {
        if (!request->without_close_range && errno != ENOSYS && errno != EPERM) return -1;
        if (close_listed(count) == -1) return -1;
    }
    return count - 1;
}

static int join_groups(const struct start *start) {
    const struct slipway_spawn_request *request = start->request;
    if (request->group_count == 0) return 0;
    for (size_t index = 0; index < request->group_count; index++) {
        if (request->groups[index] == start->joined) continue;
        int members = openat(request->groups[index], "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (members == -1) return -1;
        /* 0 means whoever writes. */
        if (write(members, "0", 1) != 1) return -1;
        if (close(members) == -1) return -1;
    }
    if ((request->namespaces & CLONE_NEWCGROUP) == 0) return 0;
    return unshare(CLONE_NEWCGROUP);
}

static int run_child(void *argument) {
    const struct start *start = argument;
    const struct slipway_spawn_request *request = start->request;

    if (request->parent_death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, request->parent_death_signal, 0, 0, 0) == -1) give_up(start);
        if (parent_is_gone(start->parent)) _exit(127);
    }
    /* A thread that a scheduler of ours has hurried must not hurry the program. */
    setpriority(PRIO_PROCESS, 0, start->niceness);
    if (request->new_session && setsid() == -1) give_up(start);
    if (join_groups(start) == -1) give_up(start);

    int executable = place_descriptors(request);
    if (executable == -1) give_up(start);

    reset_signals();
    syscall(SYS_execveat, executable, "", request->arguments, request->environment, AT_EMPTY_PATH);
    give_up(start);
}

/* From here on in the parent. */

/* clone3(2) with a stack of the child's own, which no C function can return from. */
static long clone3_calling(struct clone_args *arguments, int (*body)(void *), void *argument) {
#if defined(__x86_64__)
    long result;
    register int (*kept_body)(void *) __asm__("r12") = body;
    register void *kept_argument __asm__("r13") = argument;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r13, %%rdi\n\t"
        "call *%%r12\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "0"((long)SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "r"(kept_body), "r"(kept_argument)
        : "rcx", "r11", "memory", "cc");
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long first __asm__("x0") = (long)arguments;
    register long second __asm__("x1") = sizeof *arguments;
    register int (*kept_body)(void *) __asm__("x20") = body;
    register void *kept_argument __asm__("x21") = argument;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, #0\n\t"
        "mov x30, #0\n\t"
        "mov x0, x21\n\t"
        "blr x20\n\t"
        "brk #1\n"
        "1:"
        : "+r"(first)
        : "r"(number), "r"(second), "r"(kept_body), "r"(kept_argument)
        : "memory", "cc");
    if (first >= 0) return first;
    errno = (int)-first;
    return -1;
#else
    (void)arguments, (void)body, (void)argument;
    errno = ENOSYS;
    return -1;
#endif
}

static long make_process(int way, char *stack, struct start *start, int *pidfd) {
    const struct slipway_spawn_request *request = start->request;
    uint64_t flags = request->namespaces | CLONE_PIDFD | CLONE_VFORK;
    /* Made now, the namespace would begin at the group of the parent. */
    if (request->group_count > 0) flags &= ~(uint64_t)CLONE_NEWCGROUP;
    start->joined = -1;
    if (way == slipway_spawn_by_clone3) {
        struct clone_args arguments = {0};
        arguments.flags = flags | CLONE_VM;
        arguments.pidfd = (uint64_t)(uintptr_t)pidfd;
        arguments.exit_signal = SIGCHLD;
        arguments.stack = (uint64_t)(uintptr_t)stack;
        arguments.stack_size = stack_size;
        if (request->unified_group != -1) {
            arguments.flags |= 0x200000000ULL; /* CLONE_INTO_CGROUP, Linux 5.7 */
            arguments.cgroup = (uint64_t)request->unified_group;
            start->joined = request->unified_group;
        }
        return clone3_calling(&arguments, run_child, start);
    }
    if (way == slipway_spawn_by_clone) flags |= CLONE_VM;
    return clone(run_child, stack + stack_size, (int)(flags | SIGCHLD), start, pidfd);
}

static int is_refused(void) {
    /* E2BIG: a kernel that does not know the last of the arguments. */
    return errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == E2BIG;
}

int slipway_spawn(const struct slipway_spawn_request *request, int first_way, int *pidfd, pid_t *pid) {
    if (request->extra_count > most_extra) {
        errno = EINVAL;
        return -1;
    }
    char *memory = mmap(NULL, guard_size + stack_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) return -1;

    int error = 0;
    int opened = -1;
    long child = -1;
    struct outcome *outcome = MAP_FAILED;
    /* Threads have nice values of their own; the first one's is what the process was started with. */
    struct start start = {request, NULL, -1, -1, getpriority(PRIO_PROCESS, (id_t)getpid())};
    if (mprotect(memory + guard_size, stack_size, PROT_READ | PROT_WRITE) == -1) goto failed;

    outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (outcome == MAP_FAILED) goto failed;
    start.outcome = outcome;

    if (request->parent_death_signal != 0) start.parent = slipway_pidfd_open(getpid());

    /* A handler of ours must not run in the child, whose memory is ours. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int way = first_way; way <= slipway_spawn_by_fork; way++) {
        child = make_process(way, memory + guard_size, &start, &opened);
        if (child != -1 || !is_refused()) break;
    }
    error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    if (child == -1) goto failed;

    error = atomic_load(&outcome->error);
    if (error != 0) {
        siginfo_t ignored;
        while (waitid((idtype_t)3 /* P_PIDFD */, (id_t)opened, &ignored, WEXITED) == -1 && errno == EINTR) continue;
        close(opened);
        errno = error;
        goto failed;
    }
    *pidfd = opened;
    *pid = (pid_t)child;
    error = 0;
    goto finished;

failed:
    error = errno;
finished:
    if (start.parent != -1) close(start.parent);
    if (outcome != MAP_FAILED) munmap(outcome, sizeof *outcome);
    munmap(memory, guard_size + stack_size);
    if (error == 0) return 0;
    errno = error;
    return -1;
}
