/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Stand-ins for two functions of libgcc, for the linker's --wrap in a fully static program.
 *
 * The start-up object of a static glibc program (crtbeginT.o) registers all unwind tables when the program starts, and
 * the first unwind then sorts every entry of them, which takes some 20 ms in a program of this size. With --eh-frame-hdr
 * the linker has already written a sorted table, which the unwinder finds by itself, but only while nothing is
 * registered. A dynamic program never calls these.
 */
void __wrap___register_frame_info(const void *begin, void *object);
void *__wrap___deregister_frame_info(const void *begin);

void __wrap___register_frame_info(const void *begin, void *object) {
    (void)begin;
    (void)object;
}

void *__wrap___deregister_frame_info(const void *begin) {
    (void)begin;
    return 0;
}
