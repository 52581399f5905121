/* life [N]: N generations (default 20) of Conway's game on a torus of 256 by 256 bytes; prints how many live. */
#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 256, MASK = SIZE - 1 };

static unsigned char cells[2][SIZE][SIZE];

int main(int argc, char **argv)
{
    int generations = argc > 1 ? atoi(argv[1]) : 20, now = 0;
    unsigned seed = 7;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            seed = seed * 1664525u + 1013904223u;
            cells[0][y][x] = seed >> 30 == 0;
        }
    for (int g = 0; g < generations; g++, now ^= 1)
        for (int y = 0; y < SIZE; y++) {
            unsigned char *above = cells[now][(y - 1) & MASK], *here = cells[now][y], *below = cells[now][(y + 1) & MASK];
            for (int x = 0; x < SIZE; x++) {
                int l = (x - 1) & MASK, r = (x + 1) & MASK;
                int around = above[l] + above[x] + above[r] + here[l] + here[r] + below[l] + below[x] + below[r];
                cells[now ^ 1][y][x] = around == 3 || (around == 2 && here[x]);
            }
        }
    long live = 0, sum = 0;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            live += cells[now][y][x];
            sum += cells[now][y][x] * (y * 31 + x);
        }
    printf("%d generations: %ld live, sum %ld\n", generations, live, sum);
    return 0;
}
