/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_host.h"

#include <errno.h>
#include <linux/capability.h>
#include <nss.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

char *const *slipway_environment(void) {
    return environ;
}

int slipway_terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == -1) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int slipway_processor_count(void) {
    /* The kernel refuses a set smaller than its own; 8192 is the most it can be built for. */
    unsigned char set[8192 / 8] = {0};
    if (sched_getaffinity(0, sizeof set, (cpu_set_t *)set) == -1) return -1;
    return CPU_COUNT_S(sizeof set, (cpu_set_t *)set);
}

static _Atomic int watcher = -1;

static void report(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    /* A full pipe means that the watcher has enough to do. */
    ssize_t ignored = write(atomic_load(&watcher), &byte, 1);
    (void)ignored;
    errno = saved;
}

static int act(int number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    return sigaction(number, &action, NULL);
}

int slipway_watch_signal(int number, int descriptor) {
    atomic_store(&watcher, descriptor);
    return act(number, report);
}

int slipway_ignore_signal(int number) {
    return act(number, SIG_IGN);
}

int slipway_default_signal(int number) {
    return act(number, SIG_DFL);
}

int slipway_block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    int error = pthread_sigmask(SIG_SETMASK, &all, NULL);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int slipway_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

int slipway_has_capability(unsigned int number) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2] = {0};
    if (number >= 64 || syscall(SYS_capget, &header, data) == -1) return 0;
    return data[number / 32].effective >> (number % 32) & 1;
}

int slipway_forbid_tracing(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int slipway_use_plain_host_lookup(void) {
    return __nss_configure_lookup("hosts", "files dns");
}
