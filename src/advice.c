/*
 * Nothing is estimated: what is advised was tried, as far as the number of
 * boxes goes. That takes far less time than the layout that it spares.
 */
#include "advice.h"

#include "transform.h"

enum {
	FITS = 300,   /* boxes, about those of the longest page */
	READABLE = 60 /* what -d auto draws */
};

/* Larger models are not folded only to count. */
enum { FOLD_MAX = 200000 };

/* Boxes that these options would draw; 0 if none. */
static uint32_t
count(const struct nnv_graph *chosen, const struct nnv_options *options)
{
	struct nnv_graph *drawn;
	struct nnv_diag diag;
	uint32_t n;

	nnv_diag_init(&diag, NULL);
	drawn = nnv_transform_show(chosen, options, &diag);
	n = drawn != NULL ? drawn->nnodes : 0;
	nnv_graph_free(drawn);
	return n;
}

/* The first advice has the verb of all. */
static const char *
verb(const struct nnv_text *text)
{
	return text->n == 0 ? " would draw" : "";
}

/* The deepest -d that fits. */
static void
advise_depth(const struct nnv_graph *chosen, struct nnv_options o, uint32_t now,
    struct nnv_text *text)
{
	uint32_t fitting = 0, n;
	int depth = 0, at;

	o.depth_given = true;
	for (at = 1; at < 20; at++) {
		o.depth = at;
		n = count(chosen, &o);
		if (n == 0 || n > FITS || n >= now)
			break;
		if (n > fitting) {
			fitting = n;
			depth = at;
		}
	}
	if (depth != 0)
		nnv_text_addf(text, "-d %d%s %u, ", depth, verb(text), fitting);
}

static void
advise_fold(const struct nnv_graph *chosen, struct nnv_options o, uint32_t now,
    struct nnv_text *text)
{
	uint32_t n;

	if (chosen->nnodes > FOLD_MAX)
		return;
	o.fold = 2;
	o.fold_above = 0;
	o.similar_above = UINT32_MAX;
	n = count(chosen, &o);
	if (n != 0 && n <= now / 2)
		nnv_text_addf(text, "--fold 2%s %u, ", verb(text), n);
}

static void
advise_budget(const struct nnv_graph *chosen, struct nnv_options o,
    uint32_t now, struct nnv_text *text)
{
	uint32_t n;

	o.depth = -1;
	o.depth_given = false;
	o.max_nodes = READABLE;
	n = count(chosen, &o);
	if (n > READABLE / 2 && n < now)
		nnv_text_addf(text, "--max-nodes %d%s the heaviest %u, ",
		    READABLE, verb(text), n);
}

void
nnv_advise(const struct nnv_graph *chosen, const struct nnv_options *options,
    uint32_t now, struct nnv_text *text)
{
	advise_depth(chosen, *options, now, text);
	advise_fold(chosen, *options, now, text);
	advise_budget(chosen, *options, now, text);
	nnv_text_addf(text, "-l PATH%s one module, --pages a page a module",
	    verb(text));
}
