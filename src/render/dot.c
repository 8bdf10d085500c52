/*
 * DOT is written before layout, in memory: the graph's way of writing is
 * exchanged for it, as Graphviz's own dot renderer does.
 */
#include "nnviz/render.h"

static int
put_text(void *channel, const char *s)
{
	nnv_text_adds(channel, s);
	return 0;
}

static int
flush_nothing(void *channel)
{
	(void)channel;
	return 0;
}

bool
nnv_dot_write(Agraph_t *drawing, struct nnv_text *out, struct nnv_diag *diag)
{
	static const Agiodisc_t to_text = { NULL, put_text, flush_nothing };
	Agiodisc_t *before = drawing->clos->disc.io;
	int status;

	drawing->clos->disc.io = (Agiodisc_t *)&to_text;
	status = agwrite(drawing, out);
	drawing->clos->disc.io = before;
	if (nnv_text_failed(out))
		return nnv_fail_memory(diag);
	return status == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz could not write DOT");
}
