/* The title block: the model, then what is worth knowing of it in grey. */
#include "category.h"
#include "figure.h"
#include "fit.h"
#include "number.h"

/* Characters; a line that is no longer than FAIR is not broken. */
enum { TITLE_MAX = 60, LINE_MAX = 90, FAIR = 72 };

static struct nnv_text *
piece(struct nnv_text *line)
{
	if (line->n != 0)
		nnv_text_adds(line, " \xc2\xb7 ");
	return line;
}

/* "backward pass", "forward and backward pass", "all phases"; nothing where it
 * is the forward pass alone. */
static void
add_phases(const struct nnv_figure *fig, struct nnv_text *line)
{
	unsigned set = 0;
	int phase, n = 0;
	uint32_t i;

	for (i = 0; i < fig->graph->nnodes; i++) {
		enum nnv_node_kind kind = fig->graph->nodes[i].kind;

		if (kind == NNV_NODE_OP || kind == NNV_NODE_GROUP)
			set |= 1u << fig->graph->nodes[i].phase;
	}
	set &= ~(1u << NNV_OUTSIDE);
	for (phase = 0; phase < NNV_NPHASES; phase++)
		n += (int)(set >> phase & 1);
	if (n > 2)
		nnv_text_adds(piece(line), "all phases");
	else if (set == (1u << NNV_FORWARD | 1u << NNV_BACKWARD))
		nnv_text_adds(piece(line), "forward and backward pass");
	else if (set == 1u << NNV_BACKWARD)
		nnv_text_adds(piece(line), "backward pass");
	else if (set == 1u << NNV_OPTIMIZER)
		nnv_text_adds(piece(line), "optimizer");
	else if (set == 1u << NNV_INIT)
		nnv_text_adds(piece(line), "initial values");
}

/* "BasicBlock of ResNet", of a part that was selected. */
static void
add_part(const struct nnv_figure *fig, struct nnv_text *line)
{
	const struct nnv_graph *graph = fig->graph;
	nnv_name type = graph->nmodules > 0 ? graph->modules[0].type
					    : NNV_NO_NAME;
	nnv_name whole = graph->whole;

	if (whole == NNV_NO_NAME)
		return;
	if (type == NNV_NO_NAME || type == whole)
		nnv_text_adds(line, "part");
	else
		nnv_text_add(line, nnv_graph_text(graph, type));
	nnv_text_adds(line, " of ");
	nnv_text_add(line, nnv_graph_text(graph, whole));
}

/* "step 2 of 3"; "×3 steps" where one stands for all. */
static void
add_steps(const struct nnv_figure *fig, struct nnv_text *line)
{
	const struct nnv_graph *graph = fig->graph;

	if (graph->nsteps < 2)
		return;
	if (graph->step > 0)
		nnv_text_addf(piece(line), "step %u of %u", graph->step,
		    graph->nsteps);
	else
		nnv_text_addf(piece(line), "\xc3\x97%u steps", graph->nsteps);
}

/* The file's name without where it lay, and its version. */
static void
add_source(const struct nnv_figure *fig, struct nnv_text *line)
{
	struct nnv_str source = nnv_graph_text(fig->graph, fig->graph->source);
	struct nnv_str version = nnv_graph_text(fig->graph,
	    fig->graph->source_version);

	source = nnv_str_behind(source, '/');
	if (source.n != 0)
		nnv_text_add(piece(line), source);
	if (source.n != 0 && version.n != 0) {
		nnv_text_addc(line, ' ');
		nnv_text_add(line, version);
	}
}

/* How many are drawn once: then numbers are those of each. */
static uint32_t
twins(const struct nnv_figure *fig)
{
	return fig->graph->nmodules > 0 ? fig->graph->modules[0].repeat : 0;
}

static void
add_each(const struct nnv_figure *fig, struct nnv_text *line)
{
	if (twins(fig) > 1)
		nnv_text_adds(line, " each");
}

static void
add_totals(const struct nnv_figure *fig, struct nnv_text *line)
{
	const struct nnv_facts *facts = &fig->facts;

	if (facts->params.parameters > 0 || facts->params.at_least) {
		piece(line);
		nnv_add_bound(line, facts->params.parameters,
		    facts->params.at_least);
		nnv_text_adds(line,
		    facts->params.parameters == 1 && !facts->params.at_least
			? " parameter"
			: " parameters");
		add_each(fig, line);
	}
	if (facts->time != NNV_UNKNOWN) {
		nnv_add_time(piece(line), facts->time);
		add_each(fig, line);
	}
	if (facts->macs.known > 0) {
		nnv_add_bound(piece(line), facts->macs.known,
		    facts->macs.at_least);
		nnv_text_adds(line, " MACs");
		add_each(fig, line);
	}
}

static void
add_common(const struct nnv_figure *fig, struct nnv_text *line)
{
	struct nnv_str dtype = nnv_dtype_short(nnv_graph_text(fig->graph,
	    fig->facts.dtype));

	if (dtype.n != 0)
		nnv_text_add(piece(line), dtype);
	if (fig->facts.batch != NNV_UNKNOWN) {
		nnv_text_adds(piece(line), "batch ");
		nnv_text_addi(line, fig->facts.batch);
	}
}

/* " with 9.60K parameters": what is in no box, though it is in the sum. */
static void
add_unseen(const struct nnv_figure *fig, struct nnv_text *line)
{
	struct nnv_param_sum sum = nnv_unseen_params(fig->graph);
	int64_t macs = fig->graph->unseen.cost.macs;
	bool any = sum.parameters > 0 || sum.at_least;

	if (any) {
		nnv_text_adds(line, " with ");
		nnv_add_bound(line, sum.parameters, sum.at_least);
		nnv_text_adds(line,
		    sum.parameters == 1 && !sum.at_least ? " parameter"
							 : " parameters");
	}
	if (macs > 0) {
		nnv_text_adds(line, any ? " and " : " with ");
		nnv_add_count(line, macs);
		nnv_text_adds(line, " MACs");
	}
}

/* "410 constants, 40 statistics hidden" */
static void
add_hidden(const struct nnv_figure *fig, struct nnv_text *line)
{
	static const char *const words[NNV_NHIDDEN] = {
		[NNV_HIDDEN_CONSTANT] = "constant",
		[NNV_HIDDEN_STATISTIC] = "statistic",
		[NNV_HIDDEN_DEAD_END] = "dead end",
		[NNV_HIDDEN_ASKED] = "layer",
		[NNV_HIDDEN_REPEATED] = "repeated layer"
	};
	bool any = false;
	int i;

	for (i = 0; i < NNV_NHIDDEN; i++) {
		uint32_t n = fig->graph->hidden[i];

		if (n == 0 || words[i] == NULL)
			continue;
		nnv_text_addf(line, "%s%u %s%s", any ? ", " : "", n, words[i],
		    n == 1 ? "" : "s");
		if (i == NNV_HIDDEN_ASKED)
			add_unseen(fig, line);
		any = true;
	}
	if (any)
		nnv_text_adds(line, " hidden");
}

/* A line of the title, of type so large. */
static void
take_room(struct nnv_figure *fig, struct nnv_str line, int size)
{
	double width = (double)nnv_utf8_count(line) * size / 2;

	if (fig->title_width < width)
		fig->title_width = width;
	fig->title_height += size * 1.25 + 2;
}

static void
add_line(struct nnv_figure *fig, struct nnv_str line, int size)
{
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->secondary, color);
	nnv_text_addf(&fig->text,
	    "<TR><TD><FONT POINT-SIZE=\"%d\" "
	    "COLOR=\"%s\">",
	    size, color);
	nnv_add_cut(&fig->text, line, LINE_MAX);
	nnv_text_adds(&fig->text, "</FONT></TD></TR>");
	take_room(fig, line, size);
}

static const struct nnv_str between = { " \xc2\xb7 ", 4 };

/* Where, between two pieces, LINE falls into the most equal halves: where the
 * second begins; 0: it is one piece. */
static size_t
middle(struct nnv_str line)
{
	size_t best = 0, least = line.n, i;

	for (i = 0; i + between.n < line.n; i++) {
		size_t rest = line.n - i - between.n;
		size_t off = i > rest ? i - rest : rest - i;

		if (memcmp(line.p + i, between.p, between.n) != 0 ||
		    off >= least)
			continue;
		best = i + between.n;
		least = off;
	}
	return best;
}

/* In two lines, where one would be too long. */
static void
add_row(struct nnv_figure *fig, const struct nnv_text *text, int size)
{
	struct nnv_str line = nnv_text_str(text);
	size_t half = nnv_utf8_count(line) > FAIR ? middle(line) : 0;

	if (line.n == 0)
		return;
	if (half != 0)
		add_line(fig, (struct nnv_str){ line.p, half - between.n },
		    size);
	add_line(fig, nnv_str_from(line, half), size);
}

static void
add_heading(struct nnv_figure *fig)
{
	struct nnv_str title = nnv_graph_text(fig->graph, fig->graph->title);
	char color[NNV_COLOR_TEXT];

	if (title.n == 0)
		title = NNV_STR("model");
	nnv_color_write(fig->style->ink, color);
	nnv_text_addf(&fig->text,
	    "<TR><TD><FONT POINT-SIZE=\"%d\" "
	    "COLOR=\"%s\"><B>",
	    fig->style->graph_title_font_size, color);
	nnv_add_cut(&fig->text, title, TITLE_MAX);
	if (twins(fig) > 1)
		nnv_text_addf(&fig->text, " \xc3\x97%u", twins(fig));
	nnv_text_adds(&fig->text, "</B></FONT></TD></TR>");
	take_room(fig, title, fig->style->graph_title_font_size);
}

void
nnv_title_draw(struct nnv_figure *fig)
{
	int size = (fig->style->graph_title_font_size + 1) / 2;
	struct nnv_text line = NNV_TEXT_EMPTY;

	if (!fig->style->show_title && !fig->style->legend)
		return;
	nnv_text_clear(&fig->text);
	nnv_text_adds(&fig->text,
	    "<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
	    "CELLSPACING=\"0\" CELLPADDING=\"1\">");
	if (fig->style->show_title) {
		add_heading(fig);
		add_part(fig, &line);
		add_phases(fig, &line);
		add_steps(fig, &line);
		add_source(fig, &line);
		add_totals(fig, &line);
		add_common(fig, &line);
		add_row(fig, &line, size);
		nnv_text_clear(&line);
		add_hidden(fig, &line);
		add_row(fig, &line, size - 1);
	}
	if (fig->style->legend || fig->style->color_by == NNV_BY_DTYPE)
		nnv_legend_add(fig);
	nnv_quantity_add_legend(fig);
	nnv_text_adds(&fig->text, "<TR><TD HEIGHT=\"6\"></TD></TR></TABLE>");
	nnv_canvas_set_html(fig, fig->root, NNV_G_LABEL);
	fig->text.failed |= line.failed;
	nnv_text_release(&line);
}
