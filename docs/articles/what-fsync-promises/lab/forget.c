/* A disk that forgets: preloaded into a server, it writes down what the server does to its files, and when it syncs.
 *
 * The calls go on to the kernel, except fsync and fdatasync, which only leave a record. disk.py reads the records and
 * rebuilds what would be left if the machine lost its power at a chosen moment.
 *
 *   FORGET_ROOT     only files below this folder are recorded
 *   FORGET_JOURNAL  file that the records are appended to
 *   FORGET_FAIL     while this file exists, the next sync of a path that ends in its text fails with EIO, once
 *   FORGET_DELAY    microseconds that each sync takes
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FILES 65536

struct record {
    uint64_t time; /* CLOCK_MONOTONIC, in nanoseconds */
    uint64_t file; /* inode number */
    int64_t offset;
    uint32_t kind;
    uint32_t size; /* of the bytes that follow */
};

enum { OTHER, RECORDED, STDIO };
static char state[FILES]; /* of each file descriptor */

static int recorded(int fd) { return fd >= 0 && fd < FILES && state[fd]; }

static void note(char kind, uint64_t file, int64_t offset, const void *bytes, size_t size) {
    static int journal = -1;
    int saved = errno;
    struct timespec now;
    if (journal < 0) journal = REAL(open)(getenv("FORGET_JOURNAL"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct record head = {now.tv_sec * 1000000000ull + now.tv_nsec, file, offset, kind, size};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)bytes, size}};
    if (REAL(writev)(journal, parts, 2) != (ssize_t)(sizeof head + size)) abort();
    errno = saved;
}

static void note_path(char kind, uint64_t file, const char *path) { note(kind, file, 0, path, strlen(path)); }

static uint64_t inode(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

static void absolute(const char *path, char *into) {
    if (path[0] == '/' || !getcwd(into, PATH_MAX)) *into = 0;
    else strcat(into, "/");
    strncat(into, path, PATH_MAX - strlen(into) - 1);
}

static int below_root(const char *path) {
    const char *root = getenv("FORGET_ROOT");
    return root && !strncmp(path, root, strlen(root));
}

static void path_of(int fd, char *into) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, into, PATH_MAX - 1);
    into[size < 0 ? 0 : size] = 0;
}

/* --- files are opened, named and removed --------------------------------------------------------------------- */

static int opened(int fd, int flags, int existed, char kind) {
    char path[PATH_MAX];
    if (fd < 0 || fd >= FILES) return fd;
    state[fd] = OTHER;
    path_of(fd, path);
    if (!below_root(path)) return fd;
    state[fd] = kind;
    if (!existed) note_path('C', inode(fd), path);
    else if (flags & O_TRUNC) note('T', inode(fd), 0, "", 0);
    return fd;
}

#define OPEN(name)                                               \
    int name(const char *path, int flags, ...) {                 \
        va_list rest;                                            \
        va_start(rest, flags);                                   \
        int mode = va_arg(rest, int);                            \
        va_end(rest);                                            \
        int existed = !(flags & O_CREAT) || !access(path, F_OK); \
        return opened(REAL(name)(path, flags, mode), flags, existed, RECORDED); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                              \
    int name(int folder, const char *path, int flags, ...) {                      \
        va_list rest;                                                             \
        va_start(rest, flags);                                                    \
        int mode = va_arg(rest, int);                                             \
        va_end(rest);                                                             \
        int existed = !(flags & O_CREAT) || !faccessat(folder, path, F_OK, 0);    \
        return opened(REAL(name)(folder, path, flags, mode), flags, existed, RECORDED); \
    }
OPENAT(openat)
OPENAT(openat64)

/* what gcc makes of an open without O_CREAT in a hardened program */
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }
int __openat_2(int folder, const char *path, int flags) { return openat(folder, path, flags); }
int __openat64_2(int folder, const char *path, int flags) { return openat64(folder, path, flags); }

/* stdio writes inside the C library, where nobody can listen: what it wrote is read back when it is synced */
#define FOPEN(name)                                                   \
    FILE *name(const char *path, const char *mode) {                  \
        int existed = !access(path, F_OK);                            \
        FILE *made = REAL(name)(path, mode);                          \
        if (made) opened(fileno(made), *mode == 'w' ? O_TRUNC : 0, existed, STDIO); \
        return made;                                                  \
    }
FOPEN(fopen)
FOPEN(fopen64)

static void note_two(char kind, const char *from, const char *to) {
    char both[2 * PATH_MAX + 1];
    absolute(from, both);
    if (!below_root(both)) return;
    size_t first = strlen(both) + 1;
    absolute(to, both + first);
    note(kind, 0, 0, both, first + strlen(both + first));
}

int rename(const char *from, const char *to) {
    int done = REAL(rename)(from, to);
    if (!done) note_two('R', from, to);
    return done;
}

int link(const char *from, const char *to) {
    int done = REAL(link)(from, to);
    if (!done) note_two('L', from, to);
    return done;
}

static int named(char kind, const char *path, int done) {
    char whole[PATH_MAX];
    absolute(path, whole);
    if (!done && below_root(whole)) note_path(kind, 0, whole);
    return done;
}

int unlink(const char *path) { return named('U', path, REAL(unlink)(path)); }
int rmdir(const char *path) { return named('U', path, REAL(rmdir)(path)); }
int mkdir(const char *path, mode_t mode) { return named('M', path, REAL(mkdir)(path, mode)); }

/* --- files are written --------------------------------------------------------------------------------------- */

/* --8<-- [start:write] */
static ssize_t wrote(int fd, const void *bytes, ssize_t size, off_t offset) {
    if (size <= 0 || !recorded(fd)) return size;
    note('W', inode(fd), offset, bytes, size);
    if (fcntl(fd, F_GETFL) & O_DSYNC) note('S', inode(fd), 0, "", 0);
    return size;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
    return wrote(fd, bytes, REAL(pwrite)(fd, bytes, size, offset), offset);
}
/* --8<-- [end:write] */

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset) {
    return wrote(fd, bytes, REAL(pwrite)(fd, bytes, size, offset), offset);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    ssize_t done = REAL(write)(fd, bytes, size);
    return recorded(fd) ? wrote(fd, bytes, done, lseek(fd, 0, SEEK_CUR) - done) : done;
}

static ssize_t wrote_parts(int fd, const struct iovec *parts, int count, ssize_t size, off_t offset) {
    ssize_t left = size;
    for (int i = 0; i < count && left > 0 && recorded(fd); i++) {
        ssize_t some = left < (ssize_t)parts[i].iov_len ? left : (ssize_t)parts[i].iov_len;
        wrote(fd, parts[i].iov_base, some, offset);
        offset += some;
        left -= some;
    }
    return size;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t done = REAL(writev)(fd, parts, count);
    return recorded(fd) ? wrote_parts(fd, parts, count, done, lseek(fd, 0, SEEK_CUR) - done) : done;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return wrote_parts(fd, parts, count, REAL(pwritev)(fd, parts, count, offset), offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
    return wrote_parts(fd, parts, count, REAL(pwritev)(fd, parts, count, offset), offset);
}

static int resized(char kind, int fd, off_t size, int done) {
    if (!done && recorded(fd)) note(kind, inode(fd), size, "", 0);
    return done;
}

int ftruncate(int fd, off_t size) { return resized('T', fd, size, REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off_t size) { return resized('T', fd, size, REAL(ftruncate)(fd, size)); }
int posix_fallocate(int fd, off_t at, off_t size) { return resized('A', fd, at + size, REAL(posix_fallocate)(fd, at, size)); }
int posix_fallocate64(int fd, off_t at, off_t size) { return resized('A', fd, at + size, REAL(posix_fallocate)(fd, at, size)); }

int fallocate(int fd, int mode, off_t at, off_t size) {
    int done = REAL(fallocate)(fd, mode, at, size);
    return mode ? done : resized('A', fd, at + size, done);
}
int fallocate64(int fd, int mode, off_t at, off_t size) { return fallocate(fd, mode, at, size); }

/* --- files are synced ---------------------------------------------------------------------------------------- */

static int must_fail(const char *path) {
    char wanted[256] = "";
    const char *order = getenv("FORGET_FAIL");
    int fd = order ? REAL(open)(order, O_RDONLY) : -1;
    if (fd < 0) return 0;
    ssize_t size = read(fd, wanted, sizeof wanted - 1);
    close(fd);
    size_t end = strlen(path);
    if (size <= 0 || end < (size_t)size || strcmp(path + end - size, wanted)) return 0;
    return !REAL(unlink)(order); /* whoever removes the file fails */
}

static void read_back(int fd) {
    char bytes[65536];
    off_t at = 0;
    for (ssize_t size; (size = pread(fd, bytes, sizeof bytes, at)) > 0; at += size) note('W', inode(fd), at, bytes, size);
}

static int synced(int fd) {
    char path[PATH_MAX];
    struct stat found;
    path_of(fd, path);
    if (fstat(fd, &found) || !below_root(path)) return 0;
    int fails = must_fail(path);
    if (fails) note_path('F', found.st_ino, path); /* forgets what was written before the call */
    if (getenv("FORGET_DELAY")) usleep(atoi(getenv("FORGET_DELAY")));
    if (fails) {
        errno = EIO;
        return -1;
    }
    if (recorded(fd) && state[fd] == STDIO) {
        char own[32];
        snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
        int again = REAL(open)(own, O_RDONLY);
        read_back(again);
        close(again);
    }
    note_path(S_ISDIR(found.st_mode) ? 'Y' : 'S', found.st_ino, path);
    return 0;
}

/* --8<-- [start:sync] */
int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }
/* --8<-- [end:sync] */
