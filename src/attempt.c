/*
 * A layout does not say how far it is, and what it will take is only guessed.
 * So it is tried in full for half of the time that there is, then simpler for a
 * quarter, and simpler again; the last attempt may take as long as it likes, up
 * to the style's timeout. What simpler means is decided by counting (see
 * src/draw/strategy.c): only which attempt is the one depends on the clock, and
 * "-S hurry=N" repeats it on any machine.
 */
#include "attempt.h"

#include <stdio.h>

#include "nnviz/draw.h"

enum { ATTEMPTS = 4 };

/* What is drawn in one attempt. */
struct canvas {
	const struct nnv_graph *graph;
	const struct nnv_style *style;
	const struct nnv_patience *patience;
};

static Agraph_t *
draw(void *arg, struct nnv_diag *diag)
{
	const struct canvas *canvas = arg;

	return nnv_draw(canvas->graph, canvas->style, diag);
}

static void
begin(void *arg)
{
	const struct canvas *canvas = arg;

	canvas->patience->begin(canvas->patience->arg);
}

static void
wait(void *arg, unsigned ms)
{
	const struct canvas *canvas = arg;

	canvas->patience->wait(canvas->patience->arg, ms);
}

static bool
set(struct nnv_style *style, const char *key, unsigned value,
    struct nnv_diag *diag)
{
	char assignment[64];

	snprintf(assignment, sizeof(assignment), "%s=%u", key, value);
	return nnv_style_set(style, nnv_str(assignment), diag);
}

/* Whether the layout was given up; then the failure is turned into a note. */
static bool
was_late(unsigned seconds, unsigned hurry, struct nnv_diag *diag)
{
	static const char *const kinds[ATTEMPTS] = { NULL, "hurry",
		"more hurry", "most hurry" };

	if (diag->code != NNV_E_LATE)
		return false;
	diag->code = NNV_OK;
	diag->text[0] = '\0';
	diag->place = NNV_PLACE_NONE;
	diag->limit = NULL;
	nnv_warn(diag, kinds[hurry],
	    "the layout took longer than %u %s: it is "
	    "made simpler (-S hurry=%u does so at once, --layout-time allows "
	    "more)",
	    seconds, seconds == 1 ? "second" : "seconds", hurry);
	return true;
}

bool
nnv_attempt(const struct nnv_graph *graph, struct nnv_style *style,
    const struct nnv_patience *patience, struct nnv_pictures *pictures,
    struct nnv_diag *diag)
{
	struct canvas canvas = { graph, style, patience };
	struct nnv_subject subject = { draw, begin, wait, &canvas,
		patience->strict };
	unsigned hurry, seconds = patience->seconds / 2;

	if (patience->seconds == 0)
		return nnv_render(&subject, pictures->items, pictures->n, diag);
	for (hurry = 0; hurry < ATTEMPTS; hurry++) {
		if (hurry == 1)
			seconds = patience->seconds / 4;
		if (hurry == ATTEMPTS - 1)
			seconds = patience->last;
		seconds += seconds == 0;
		if (!set(style, "hurry", hurry, diag) ||
		    !set(style, "timeout", seconds, diag))
			return false;
		if (nnv_render(&subject, pictures->items, pictures->n, diag))
			return true;
		if (hurry + 1 == ATTEMPTS ||
		    !was_late(seconds, hurry + 1, diag))
			return false;
	}
	return false;
}
