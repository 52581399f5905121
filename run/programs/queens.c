/* queens [N]: counts the ways to put N queens on a board (default 8) by bit masks, and by a board of bytes up to 9. */
#include <stdio.h>
#include <stdlib.h>

static unsigned full;

static long place(unsigned columns, unsigned left, unsigned right)
{
    if (columns == full)
        return 1;
    long ways = 0;
    for (unsigned free = full & ~(columns | left | right); free; free &= free - 1) {
        unsigned bit = free & -free;
        ways += place(columns | bit, (left | bit) << 1 & full, (right | bit) >> 1);
    }
    return ways;
}

static signed char board[32];

static int attacked(int row, int column)
{
    for (int i = 0; i < row; i++)
        if (board[i] == column || abs(board[i] - column) == row - i)
            return 1;
    return 0;
}

static long put(int row, int size)
{
    if (row == size)
        return 1;
    long ways = 0;
    for (int column = 0; column < size; column++)
        if (!attacked(row, column)) {
            board[row] = (signed char) column;
            ways += put(row + 1, size);
        }
    return ways;
}

int main(int argc, char **argv)
{
    int size = argc > 1 ? atoi(argv[1]) : 8;
    if (size < 1 || size > 20)
        return 2;
    full = (1u << size) - 1;
    int small = size < 9 ? size : 9;
    printf("%d queens: %ld ways; %d queens, by a board: %ld\n", size, place(0, 0, 0), small, put(0, small));
    return 0;
}
