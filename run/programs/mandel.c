/* mandel [N]: the Mandelbrot set on N by N points (default 48) in double and in single precision; prints counts. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int size = argc > 1 ? atoi(argv[1]) : 48;
    long steps = 0, inside = 0, singles = 0;
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            double cr = -2.0 + 2.5 * x / size, ci = -1.25 + 2.5 * y / size, r = 0, i = 0;
            int n;
            for (n = 0; n < 200 && r * r + i * i < 4; n++) {
                double t = r * r - i * i + cr;
                i = 2 * r * i + ci;
                r = t;
            }
            steps += n;
            inside += n == 200;
            float fr = 0, fi = 0, fcr = (float) cr, fci = (float) ci;
            for (n = 0; n < 50 && fr * fr + fi * fi < 4; n++) {
                float t = fr * fr - fi * fi + fcr;
                fi = 2 * fr * fi + fci;
                fr = t;
            }
            singles += n;
        }
    printf("%ld steps, %ld inside, %ld steps in single precision\n", steps, inside, singles);
    return 0;
}
