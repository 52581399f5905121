/*
 * nbody STEPS: moves five bodies under their mutual gravity with the
 * leap-frog method (default 10000 steps) and prints the energy and the
 * momentum at the start and at the end, in decimal and as bits.  Exercises
 * double precision add, multiply, divide and square root: one wrong rounding
 * changes the last digits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODIES 5

static double position[BODIES][3] = {
    { 0, 0, 0 }, { 5.2, 0.1, -0.3 }, { -9.5, 1.25, 0.5 },
    { 0.5, 19.2, -0.25 }, { -3.0, -30.1, 1.0 },
};
static double velocity[BODIES][3] = {
    { 0, 0, 0 }, { 0.02, 0.437, 0.001 }, { -0.05, -0.32, 0.003 },
    { -0.2275, 0.01, -0.002 }, { 0.18, -0.02, 0.0015 },
};
static const double mass[BODIES] = { 1.0, 9.5e-4, 2.8e-4, 4.4e-5, 5.1e-5 };

static void report(const char *label)
{
    double energy = 0, momentum = 0;
    unsigned long bits;

    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) {
            energy += 0.5 * mass[i] * velocity[i][k] * velocity[i][k];
            momentum += mass[i] * velocity[i][k];
        }
        for (int j = i + 1; j < BODIES; j++) {
            double d2 = 0;
            for (int k = 0; k < 3; k++) {
                double d = position[i][k] - position[j][k];
                d2 += d * d;
            }
            energy -= mass[i] * mass[j] / sqrt(d2);
        }
    }
    memcpy(&bits, &energy, 8);
    printf("%s energy %.15g %016lx", label, energy, bits);
    memcpy(&bits, &momentum, 8);
    printf(" momentum %.15g %016lx\n", momentum, bits);
}

static void step(double dt)
{
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) {
            double d[3], d2 = 0;
            for (int k = 0; k < 3; k++) {
                d[k] = position[i][k] - position[j][k];
                d2 += d[k] * d[k];
            }
            double f = dt / (d2 * sqrt(d2));
            for (int k = 0; k < 3; k++) {
                velocity[i][k] -= d[k] * mass[j] * f;
                velocity[j][k] += d[k] * mass[i] * f;
            }
        }
    }
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++)
            position[i][k] += dt * velocity[i][k];
}

int main(int argc, char **argv)
{
    long steps = argc > 1 ? atol(argv[1]) : 10000;

    report("start");
    for (long i = 0; i < steps; i++)
        step(0.01);
    report("end");
    return 0;
}
