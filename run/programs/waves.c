/* waves [N]: sparse matrix times vector and a wave on a line, N steps (default 40), in double precision; prints sums. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 2000, EACH = 8, LINE = 4000 };

static double values[ROWS][EACH], x[ROWS], y[ROWS], u[3][LINE];
static int columns[ROWS][EACH];

int main(int argc, char **argv)
{
    int steps = argc > 1 ? atoi(argv[1]) : 40;
    unsigned seed = 5;
    for (int r = 0; r < ROWS; r++) {
        x[r] = 1.0 / (r + 1);
        for (int k = 0; k < EACH; k++) {
            seed = seed * 1664525u + 1013904223u;
            columns[r][k] = (int) ((seed >> 8) % ROWS);
            values[r][k] = ((double) (seed >> 16) - 32768) / 32768;
        }
    }
    for (int i = 0; i < LINE; i++)
        u[0][i] = u[1][i] = sin(i * 0.01);
    for (int step = 0; step < steps; step++) {
        double norm = 0;
        for (int r = 0; r < ROWS; r++) {
            double sum = 0;
            for (int k = 0; k < EACH; k++)
                sum += values[r][k] * x[columns[r][k]];
            y[r] = sum;
            norm += sum * sum;
        }
        norm = 1 / sqrt(norm);
        for (int r = 0; r < ROWS; r++)
            x[r] = y[r] * norm;
        double *before = u[step % 3], *now = u[(step + 1) % 3], *after = u[(step + 2) % 3];
        for (int i = 1; i < LINE - 1; i++)
            after[i] = 2 * now[i] - before[i] + 0.25 * (now[i - 1] - 2 * now[i] + now[i + 1]);
        after[0] = after[LINE - 1] = 0;
    }
    double sum = 0, energy = 0;
    for (int r = 0; r < ROWS; r++)
        sum += x[r];
    for (int i = 0; i < LINE; i++)
        energy += u[steps % 3][i] * u[steps % 3][i];
    printf("%d steps: %.9f %.9f\n", steps, sum, energy);
    return 0;
}
