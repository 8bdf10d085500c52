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
#include "nnviz/render.h"

enum { ATTEMPTS = 4 };

static bool
draw(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_str format, const struct nnv_patience *patience,
    struct nnv_text *out, struct nnv_diag *diag)
{
	Agraph_t *drawing = nnv_draw(graph, style, diag);
	bool ok;

	if (drawing == NULL)
		return false;
	patience->begin(patience->arg);
	ok = nnv_render(drawing, format, out, diag);
	nnv_drawing_free(drawing);
	return ok;
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

	if (diag->code != NNV_E_LIMIT)
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
    struct nnv_str format, const struct nnv_patience *patience,
    struct nnv_text *out, struct nnv_diag *diag)
{
	unsigned hurry, seconds = patience->seconds / 2;

	if (patience->seconds == 0)
		return draw(graph, style, format, patience, out, diag);
	for (hurry = 0; hurry < ATTEMPTS; hurry++) {
		if (hurry == 1)
			seconds = patience->seconds / 4;
		if (hurry == ATTEMPTS - 1)
			seconds = patience->last;
		seconds += seconds == 0;
		if (!set(style, "hurry", hurry, diag) ||
		    !set(style, "timeout", seconds, diag))
			return false;
		if (draw(graph, style, format, patience, out, diag))
			return true;
		if (hurry + 1 == ATTEMPTS ||
		    !was_late(seconds, hurry + 1, diag))
			return false;
	}
	return false;
}
