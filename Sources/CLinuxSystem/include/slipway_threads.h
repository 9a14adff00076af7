/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_THREADS_H
#define SLIPWAY_THREADS_H

/*
 * Sees to it that pthread_create(3) works where a filter refuses clone3(2) with EPERM: the C library takes the old call
 * only after ENOSYS, which a filter of our own then says first. Without CAP_SYS_ADMIN it takes from the process for good
 * that it can gain privileges. For a process with one thread.
 *
 * Returns 0 when threads can be made, else -1 with errno set.
 */
int slipway_make_threads_possible(void);

#endif
