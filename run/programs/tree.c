/* tree [N]: N insertions (default 5000) into a balanced binary tree (AVL) with nodes from malloc, look-ups, a walk. */
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *child[2];
    unsigned key;
    int height;
};

static int height(struct node *n)
{
    return n ? n->height : 0;
}

static void measure(struct node *n)
{
    int a = height(n->child[0]), b = height(n->child[1]);
    n->height = 1 + (a > b ? a : b);
}

static struct node *rotate(struct node *n, int side)
{
    struct node *up = n->child[side];
    n->child[side] = up->child[!side];
    up->child[!side] = n;
    measure(n);
    measure(up);
    return up;
}

static struct node *insert(struct node *n, unsigned key)
{
    if (!n) {
        n = calloc(1, sizeof *n);
        n->key = key;
        n->height = 1;
        return n;
    }
    if (key == n->key)
        return n;
    int side = key > n->key;
    n->child[side] = insert(n->child[side], key);
    measure(n);
    if (height(n->child[side]) - height(n->child[!side]) > 1) {
        struct node *c = n->child[side];
        if (height(c->child[!side]) > height(c->child[side]))
            n->child[side] = rotate(c, !side);
        return rotate(n, side);
    }
    return n;
}

static unsigned walk(struct node *n, unsigned sum)
{
    if (!n)
        return sum;
    sum = walk(n->child[0], sum);
    return walk(n->child[1], sum * 31 + n->key);
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 5000, found = 0;
    struct node *root = NULL;
    unsigned seed = 11;
    for (long i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        root = insert(root, seed >> 8);
    }
    for (long i = 0; i < count * 4; i++) {
        seed = seed * 1664525u + 1013904223u;
        unsigned key = seed >> 8;
        struct node *n = root;
        while (n && n->key != key)
            n = n->child[key > n->key];
        found += n != NULL;
    }
    printf("%ld keys, height %d, found %ld, checksum %08x\n", count, height(root), found, walk(root, 0));
    return 0;
}
