/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_HOST_H
#define SLIPWAY_HOST_H

/* environ(7), which Swift sees as a mutable global variable. */
char *const *slipway_environment(void);

/* ioctl(TIOCGWINSZ), which is variadic. */
int slipway_terminal_size(int descriptor, int *columns, int *rows);

/* sched_getaffinity(2), counted by the CPU_* macros: how many processors this process may use, or -1. */
int slipway_processor_count(void);

/*
 * sigaction(2) with a handler that writes the number of the signal, as one byte, to the descriptor, which is shared by
 * all watched signals, must be non-blocking and must stay open for good. System calls restart (SA_RESTART).
 */
int slipway_watch_signal(int signal, int descriptor);

/* sigaction(2) with SIG_IGN, a macro that Swift cannot read. */
int slipway_ignore_signal(int signal);

/* sigaction(2) with SIG_DFL. */
int slipway_default_signal(int signal);

/* pthread_sigmask(3) that blocks every signal in the calling thread. */
int slipway_block_signals(void);

/* prctl(2) with PR_SET_NAME, which is variadic: the name of the calling thread, 15 bytes of it. */
int slipway_name_thread(const char *name);

/* capget(2): whether the capability of this number is effective, 0 also when the kernel does not say. */
int slipway_has_capability(unsigned int number);

/* prctl(2) with PR_SET_DUMPABLE 0, which is variadic: no core file, no tracing by the same user. */
int slipway_forbid_tracing(void);

/*
 * Has names of hosts looked up in /etc/hosts and by DNS alone, as long as the process lives; __nss_configure_lookup of
 * nss.h. A static program cannot rely on the plug-ins that /etc/nsswitch.conf may name: they belong to another C library.
 */
int slipway_use_plain_host_lookup(void);

#endif
