#ifndef SLIPWAY_OLD_MOUNTS_H
#define SLIPWAY_OLD_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the mount calls of Linux 5.2 do, by mount(2) alone: for kernels without them, and for filters around us that do
 * not know them. A mount that is attached nowhere is one in a folder in memory, from where it is moved to its place.
 */

/* Whether one of the calls is refused, told once by calls that do nothing. */
bool old_mounts_are_needed(void);

/* The flags of mount(2) for attributes of mount_setattr(2). */
unsigned long old_mount_flags(uint64_t attributes);

/* Names a folder of the host that nothing is looked for in any more. */
void old_mounts_stage_at(const char *folder);

int old_fs_open(const char *type);
int old_fs_set(const char *key, const char *value);
int old_fs_mount(uint64_t attributes);
int old_clone_mount(int source, bool recursive);
int old_attach_mount(int mount, int target);

#endif
