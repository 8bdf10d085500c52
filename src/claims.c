/*
 * A claim is a file that a model would write, or the model itself, which nobody
 * may. Sorted by name, and then by identity for the files that exist, two
 * claims to one file lie side by side.
 */
#include "claims.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/file.h"
#include "outputs.h"

struct claim {
	const char *path, *model; /* path NULL: the model itself */
	struct nnv_file_id id;
	bool exists;
};

struct claims {
	struct claim *items;
	size_t n, cap;
	struct nnv_outputs *plans; /* a model each; the paths are theirs */
	size_t nplans;
};

static bool
add(struct claims *claims, const char *path, const char *model,
    struct nnv_diag *diag)
{
	void *items = claims->items;
	struct claim *claim;

	if (!nnv_heap_grow(&items, &claims->cap, claims->n + 1,
		sizeof(*claims->items)))
		return nnv_fail_memory(diag);
	claims->items = items;
	claim = &claims->items[claims->n++];
	*claim = (struct claim){ .path = path, .model = model };
	claim->exists = nnv_file_identify(path != NULL ? path : model,
	    &claim->id);
	return true;
}

/* What the I-th model would write. */
static bool
add_model(struct claims *claims, const struct nnv_options *options, size_t i,
    struct nnv_diag *diag)
{
	struct nnv_outputs *plan = &claims->plans[claims->nplans++];
	struct nnv_options one = *options;

	one.model = options->models.items[i];
	if (!nnv_outputs_plan(plan, &one, diag) ||
	    !add(claims, NULL, one.model, diag))
		return false;
	for (size_t k = 0; k < plan->n; k++)
		if (strcmp(plan->items[k].path.p, "-") != 0 &&
		    !add(claims, plan->items[k].path.p, one.model, diag))
			return false;
	return true;
}

static int
by_path(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->path == NULL || y->path == NULL)
		return (x->path != NULL) - (y->path != NULL);
	return strcmp(x->path, y->path);
}

static bool
is_one_file(const struct claim *a, const struct claim *b)
{
	return a->exists && b->exists && a->id.device == b->id.device &&
	    a->id.number == b->id.number;
}

/* A model stands before the files that would be written over it. */
static int
by_id(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (!x->exists || !y->exists)
		return x->exists - y->exists;
	if (x->id.device != y->id.device)
		return x->id.device < y->id.device ? -1 : 1;
	if (x->id.number != y->id.number)
		return x->id.number < y->id.number ? -1 : 1;
	return by_path(a, b);
}

static bool
fail_twice(const struct claim *a, const struct claim *b, struct nnv_diag *diag)
{
	if (a->path == NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "\"%s\" is a model and would be overwritten by the "
		    "drawing of \"%s\"",
		    a->model, b->model);
	return nnv_fail(diag, NNV_E_USAGE,
	    "\"%s\" and \"%s\" would both be written to \"%s\"", a->model,
	    b->model, b->path);
}

static bool
compare(struct claims *claims, struct nnv_diag *diag)
{
	struct claim *c = claims->items;

	if (claims->n == 0)
		return true;
	qsort(c, claims->n, sizeof(*c), by_path);
	for (size_t i = 1; i < claims->n; i++)
		if (c[i - 1].path != NULL &&
		    strcmp(c[i - 1].path, c[i].path) == 0)
			return fail_twice(&c[i - 1], &c[i], diag);
	qsort(c, claims->n, sizeof(*c), by_id);
	for (size_t i = 1; i < claims->n; i++)
		if (c[i].path != NULL && is_one_file(&c[i - 1], &c[i]))
			return fail_twice(&c[i - 1], &c[i], diag);
	return true;
}

bool
nnv_claims_check(const struct nnv_options *options, struct nnv_diag *diag)
{
	struct claims claims = { .plans = nnv_heap_alloc(options->models.n,
				     sizeof(*claims.plans)) };
	bool fine = claims.plans != NULL || nnv_fail_memory(diag);

	for (size_t i = 0; i < options->models.n && fine; i++)
		fine = add_model(&claims, options, i, diag);
	fine = fine && compare(&claims, diag);
	for (size_t i = 0; i < claims.nplans; i++)
		nnv_outputs_release(&claims.plans[i]);
	nnv_heap_free(claims.plans);
	nnv_heap_free(claims.items);
	return fine;
}
