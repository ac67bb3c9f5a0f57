/* Prints the nanoseconds of one load when each load brings the address of the next one.
 *
 * chase LINES STRIDE ORDER PAGES LOADS ROUNDS
 *   LINES   cache lines to walk through, one pointer in each
 *   STRIDE  bytes from one line to the next: 64 packs them; 4160 puts each on a page of its own, in its own cache set
 *   ORDER   random: one cycle through all lines in random order; inorder: from each line to its neighbour
 *   PAGES   small: pages of 4 KiB; huge: ask for pages of 2 MiB; the first line printed says how many KiB are huge
 *   LOADS   loads in a round; every round prints one line
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { HUGE_PAGE = 2 << 20 };

static uint64_t state = 88172645463325252ULL; /* xorshift: the same order in every run */
static uint64_t draw(void) { state ^= state << 13; state ^= state >> 7; return state ^= state << 17; }

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * t.tv_sec + t.tv_nsec;
}

static char *map(size_t bytes, int huge) {
    char *raw = mmap(0, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) exit(3);
    char *base = (char *)(((uintptr_t)raw + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
    madvise(base, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return base;
}

static void link_lines(char *base, size_t lines, size_t stride, int shuffled) {
    uint32_t *order = malloc(lines * sizeof *order);
    for (size_t i = 0; i < lines; i++) order[i] = i;
    for (size_t i = lines - 1; shuffled && i > 0; i--) {
        size_t j = draw() % (i + 1);
        uint32_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (size_t i = 0; i < lines; i++)
        *(void **)(base + order[i] * stride) = base + order[(i + 1) % lines] * stride;
    free(order);
}

static long huge_kib(void) {
    long total = 0, kib;
    char line[256];
    FILE *smaps = fopen("/proc/self/smaps", "r");
    while (smaps && fgets(line, sizeof line, smaps))
        if (sscanf(line, "AnonHugePages: %ld kB", &kib) == 1) total += kib;
    if (smaps) fclose(smaps);
    return total;
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    size_t lines = strtoull(argv[1], 0, 10), stride = strtoull(argv[2], 0, 10), loads = strtoull(argv[5], 0, 10);
    char *base = map((lines * stride + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1), !strcmp(argv[4], "huge"));
    link_lines(base, lines, stride, !strcmp(argv[3], "random"));
    printf("%ld\n", huge_kib());

    void **at = (void **)base;
    for (int round = atoi(argv[6]); round > 0; round--) {
        nanosleep(&(struct timespec){.tv_nsec = 4000000}, 0); /* so that a round seldom starts at the end of a time slice */
        for (size_t i = 0; lines <= loads && i < lines; i++) at = *at; /* warm up, where there is a cache to warm */
        double start = now_ns();
        // --8<-- [start:loop]
        for (size_t i = 0; i < loads; i++)
            at = *at; /* the next address is in the line that is on its way */
        // --8<-- [end:loop]
        printf("%.3f\n", (now_ns() - start) / loads);
    }
    return at == 0;
}
