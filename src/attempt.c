/*
 * A layout does not say how far it is, and what it will take is only guessed.
 * So it is tried in full for half of the time that there is, then simpler for a
 * quarter, simpler again for an eighth, and what is left is enough for a list,
 * which is no layout: it takes as long as there are boxes. Where these are so
 * many that no layout would be ready, it is made at once. What simpler means is
 * decided by counting (see src/draw/strategy.c): only which attempt is the one
 * depends on the clock, and "-S hurry=N" repeats it on any machine. The same is
 * tried where Graphviz itself fails. What is warned of is only that of the
 * attempt that was the one.
 */
#include "attempt.h"

#include <stdio.h>
#include <string.h>

#include "nnviz/draw.h"

/* Boxes for which a second is not enough. */
enum { HOPELESS = 1200 };

/* What is drawn in one attempt. */
struct canvas {
	const struct nnv_graph *graph;
	const struct nnv_style *style;
	const struct nnv_patience *patience;
	unsigned before, now; /* ms of all attempts before this one, of it */
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
finish(void *arg)
{
	const struct canvas *canvas = arg;

	canvas->patience->finish(canvas->patience->arg);
}

static void
wait(void *arg, unsigned ms)
{
	struct canvas *canvas = arg;

	canvas->now = ms;
	canvas->patience->wait(canvas->patience->arg, canvas->before + ms);
}

static void
note(void *arg, struct nnv_text *out)
{
	const struct canvas *canvas = arg;

	nnv_drawing_note(canvas->graph, canvas->style, out);
}

static bool
set(struct nnv_style *style, const char *key, unsigned value,
    struct nnv_diag *diag)
{
	char assignment[64];

	snprintf(assignment, sizeof(assignment), "%s=%u", key, value);
	return nnv_style_set(style, nnv_str(assignment), diag);
}

/* Whether the layout was given up: then there may be a simpler one. */
static bool
was_late(const struct nnv_diag *diag)
{
	return diag->code == NNV_E_LATE;
}

/* Whether Graphviz could not do it: it knows graphs in which it loses its way,
 * and a simpler one may not be among them. What it said first is kept in FAULT,
 * as the last word if no attempt succeeds. */
static bool
was_refused(const struct nnv_diag *diag, char *fault)
{
	if (diag->code != NNV_E_GRAPHVIZ)
		return false;
	if (fault[0] == '\0')
		memcpy(fault, diag->text, NNV_DIAG_TEXT);
	return true;
}

/* What it took to get the drawing, for who draws it again; WASTED seconds, or
 * none. */
static void
note_hurry(unsigned hurry, unsigned wasted, const char *fault,
    struct nnv_diag *diag)
{
	if (fault[0] != '\0')
		nnv_warn(diag, "fault",
		    "the layout was made simpler after a fault (%s): -S "
		    "hurry=%u does so at once",
		    fault, hurry);
	else if (wasted > 0)
		nnv_warn(diag, "hurry",
		    "the layout took longer than %u %s: it was made simpler "
		    "(-S hurry=%u does so at once, --layout-time allows more)",
		    wasted, wasted == 1 ? "second" : "seconds", hurry);
}

bool
nnv_attempt(const struct nnv_graph *graph, struct nnv_style *style,
    const struct nnv_patience *patience, struct nnv_pictures *pictures,
    struct nnv_diag *diag)
{
	struct canvas canvas = { graph, style, patience, 0, 0 };
	struct nnv_subject subject = {
		.draw = draw,
		.begin = begin,
		.finish = finish,
		.wait = wait,
		.note = note,
		.arg = &canvas,
		.strict = patience->strict,
	};
	const struct nnv_diag said = *diag;
	unsigned hurry = 0, seconds = patience->seconds, wasted = 0;
	char fault[NNV_DIAG_TEXT] = "";

	if (patience->seconds == 0)
		return nnv_render(&subject, pictures->items, pictures->n, diag);
	if (graph->nnodes / HOPELESS >= patience->seconds) {
		hurry = NNV_ATTEMPTS - 1;
		nnv_warn(diag, "hurry",
		    "%u boxes are too many to be laid out in %u %s "
		    "(--layout-time %u allows for it)",
		    graph->nnodes, patience->seconds,
		    patience->seconds == 1 ? "second" : "seconds",
		    graph->nnodes / HOPELESS + 1);
	}
	for (; hurry < NNV_ATTEMPTS; hurry++) {
		seconds = hurry < NNV_ATTEMPTS - 1 ? (seconds + 1) / 2
						   : patience->last;
		if (!set(style, "hurry", hurry, diag) ||
		    !set(style, "timeout", seconds, diag))
			return false;
		if (nnv_render(&subject, pictures->items, pictures->n, diag)) {
			note_hurry(hurry, wasted, fault, diag);
			return true;
		}
		wasted += seconds;
		canvas.before += canvas.now;
		if (!was_refused(diag, fault) &&
		    (hurry + 1 == NNV_ATTEMPTS || !was_late(diag)))
			return false;
		*diag = said;
	}
	return nnv_fail(diag, NNV_E_GRAPHVIZ,
	    "%s: draw less (-d, -c, -l), a page a module (--pages) or no "
	    "frames (-S show_clusters=false)",
	    fault);
}
