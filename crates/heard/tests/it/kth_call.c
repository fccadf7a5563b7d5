/* Preloaded into a program: counts the calls by which it changes files, whichever thread makes them, and at the k-th
 * of them kills the program or lets the call fail.
 *
 * KTH_CALL    k, from 1; 0 or unset only counts
 * KTH_DO      kill | fail (this call alone, with EIO) | full (this call and all later ones that need room, with ENOSPC)
 * KTH_COUNT   a file that receives the number of calls when the program ends by itself
 *
 * Only calls on files and folders count: sockets and pipes do not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long kth;
static enum { KILL, FAIL, FULL } what;

__attribute__((constructor)) static void begin(void) {
    const char *call = getenv("KTH_CALL"), *deed = getenv("KTH_DO");
    kth = call ? atol(call) : 0;
    what = deed && !strcmp(deed, "fail") ? FAIL : deed && !strcmp(deed, "full") ? FULL : KILL;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("KTH_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

/* Whether this call is to fail; errno says how. */
static int stopped(int needs_room) {
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (kth == 0 || call < kth) return 0;
    if (call == kth && what == KILL) raise(SIGKILL);
    if (call == kth && what == FAIL) return errno = EIO, 1;
    if (what == FULL && needs_room) return errno = ENOSPC, 1;
    return 0;
}

static int is_file(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_FILE(type, name, params, args, needs_room)                              \
    type name params {                                                             \
        static __typeof__(&name) real;                                             \
        if (!real) real = REAL(name);                                              \
        if (is_file(fd) && stopped(needs_room)) return -1;                         \
        return real args;                                                          \
    }

#define ON_NAME(type, name, params, args, needs_room)                              \
    type name params {                                                             \
        static __typeof__(&name) real;                                             \
        if (!real) real = REAL(name);                                              \
        if (stopped(needs_room)) return -1;                                        \
        return real args;                                                          \
    }

ON_FILE(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count), 1)
ON_FILE(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), 1)
ON_FILE(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at), 1)
ON_FILE(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at), 1)
ON_FILE(int, fsync, (int fd), (fd), 0)
ON_FILE(int, fdatasync, (int fd), (fd), 0)
ON_FILE(int, ftruncate, (int fd, off_t length), (fd, length), 0)
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length), 0)
ON_NAME(int, rename, (const char *from, const char *to), (from, to), 0)
ON_NAME(int, link, (const char *from, const char *to), (from, to), 1)
ON_NAME(int, unlink, (const char *path), (path), 0)
ON_NAME(int, mkdir, (const char *path, mode_t mode), (path, mode), 1)

#define ON_OPEN(name)                                                              \
    int name(const char *path, int flags, ...) {                                   \
        static __typeof__(&name) real;                                             \
        mode_t mode = 0;                                                           \
        if (!real) real = REAL(name);                                              \
        if (flags & O_CREAT) {                                                     \
            va_list rest;                                                          \
            va_start(rest, flags);                                                 \
            mode = va_arg(rest, mode_t);                                           \
            va_end(rest);                                                          \
            if (stopped(1)) return -1;                                             \
        }                                                                          \
        return real(path, flags, mode);                                            \
    }

ON_OPEN(open)
ON_OPEN(open64)
