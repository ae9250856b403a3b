/* A balanced tree of objects of a few sizes, keys put in and taken out: see rbstress.md. */
#include "blocks.h"
#include "footprint.h"

enum { LIVE };
enum { TOGGLES_A_LOOP = 4096, SLOT = 40, WIDTHS = 5 };

/* A treap (Seidel and Aragon, Randomized Search Trees, 1996): a heap by rank, a search tree by key. */
struct node {
    uint32_t size, key;
    uint64_t rank;
    struct node *left, *right;
};

static struct option options[] = {[LIVE] = {"live", 1000, 1, 1 << 20}};
static struct node *root;
static struct tally tally;

static struct node *node_new(uint32_t key)
{
    /* Ruby's heap has slots of 40 bytes and of twice, four, eight and sixteen times that; half of each are as wide. */
    uint64_t random = next_random();
    int width = __builtin_ctzll(random | UINT64_C(1) << (WIDTHS - 1));
    struct node *node = (struct node *)(void *)block_new(&tally, (uint64_t)SLOT << width);
    node->key = key;
    node->rank = random >> 8;
    node->left = node->right = NULL;
    return node;
}

/* Cuts a tree in two: keys below `key`, and the others. */
static void split(struct node *tree, uint32_t key, struct node **below, struct node **above)
{
    while (tree)
        if (tree->key < key) {
            *below = tree;
            below = &tree->right;
            tree = tree->right;
        } else {
            *above = tree;
            above = &tree->left;
            tree = tree->left;
        }
    *below = *above = NULL;
}

static struct node *join(struct node *below, struct node *above)
{
    struct node *whole, **at = &whole;
    while (below && above)
        if (below->rank > above->rank) {
            *at = below;
            at = &below->right;
            below = below->right;
        } else {
            *at = above;
            at = &above->left;
            above = above->left;
        }
    *at = below ? below : above;
    return whole;
}

static void insert(uint32_t key)
{
    struct node *node = node_new(key), **at = &root;
    while (*at && (*at)->rank > node->rank)
        at = (*at)->key < key ? &(*at)->right : &(*at)->left;
    split(*at, key, &node->left, &node->right);
    *at = node;
}

static void take_out(struct node **at)
{
    struct node *node = *at;
    *at = join(node->left, node->right);
    block_free(&tally, (char *)node);
}

static void toggle(uint32_t key)
{
    struct node **at = &root;
    while (*at && (*at)->key != key)
        at = (*at)->key < key ? &(*at)->right : &(*at)->left;
    if (*at)
        take_out(at);
    else
        insert(key);
}

/* Of twice as many keys as are to live, half are in the tree after a while. */
static void churn(uint64_t toggles)
{
    for (uint64_t i = 0; i < toggles; i++)
        toggle((uint32_t)random_below(2 * options[LIVE].value));
}

static void prepare(void)
{
    footprint_begin();
    churn(4 * options[LIVE].value);
    footprint_note(tally_live(&tally));
}

static uint64_t pass(void)
{
    churn(TOGGLES_A_LOOP);
    return TOGGLES_A_LOOP;
}

static void check(void)
{
    uint64_t unordered = 0, last = 0;
    while (root) {
        struct node **least = &root;
        while ((*least)->left)
            least = &(*least)->left;
        unordered += (*least)->key < last;
        last = (*least)->key;
        take_out(least);
    }
    footprint_tell();
    tally_tell(&tally, "unordered", unordered);
}

int main(int argc, char **argv)
{
    const struct workload stress = {"rbstress", options, sizeof options / sizeof *options, prepare, pass, check};
    return workload_main(&stress, argc, argv);
}
