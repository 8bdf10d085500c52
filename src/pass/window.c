/*
 * Windows: a window of SIZE moves over IN elements, PADDING more on both sides,
 * by STRIDE, and stops OUT times:
 *
 *	OUT = floor((IN + 2 PADDING - DILATION (SIZE - 1) - 1) / STRIDE) + 1
 *
 * Given IN, OUT and SIZE, several strides may fit; a padding of a window's size
 * or more makes no sense, which leaves one in most networks. If it leaves two
 * the stride is not known.
 */
#include "window.h"

enum { EXTENT_MAX = 1 << 20, SIZE_MAX_TRIED = 256, STRIDE_MAX = 64 };

/* Numbers of a text like "/2", "pad 3" or "3×5": by axis, one for all. */
static bool
read_numbers(struct nnv_str text, int64_t *out, uint32_t *n)
{
	uint32_t found = 0;
	size_t i = 0;

	while (i < text.n && found < NNV_WINDOW_AXES) {
		int64_t value = 0;

		for (; i < text.n && (text.p[i] < '0' || text.p[i] > '9'); i++)
			continue;
		if (i == text.n)
			break;
		for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
			if (value <= EXTENT_MAX)
				value = value * 10 + (text.p[i] - '0');
		out[found++] = value;
	}
	*n = found;
	return found > 0;
}

/* One property into all axes. */
static void
read_property(struct nnv_str text, int64_t *out, uint32_t axes, int64_t plus)
{
	int64_t values[NNV_WINDOW_AXES];
	uint32_t n;

	if (!read_numbers(text, values, &n))
		return;
	for (uint32_t i = 0; i < axes; i++)
		out[i] = values[i < n ? i : n - 1] + plus;
}

void
nnv_window_read(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_window *window)
{
	struct nnv_str size = nnv_node_hyper(graph, node, "kernel");
	uint32_t n;

	if (read_numbers(size, window->size, &n))
		window->n = n;
	if (window->n == 0)
		window->n = 2;
	read_property(nnv_node_hyper(graph, node, "stride"), window->stride,
	    window->n, 0);
	read_property(nnv_node_hyper(graph, node, "padding"),
	    window->padding_plus_1, window->n, 1);
	read_property(nnv_node_hyper(graph, node, "dilation"), window->dilation,
	    window->n, 0);
}

/* Whether some sensible padding makes OUT of IN. */
static bool
fits(int64_t in, int64_t out, int64_t size, int64_t stride)
{
	for (int64_t padding = 0; padding < size; padding++)
		if (in + 2 * padding >= size &&
		    (in + 2 * padding - size) / stride + 1 == out)
			return true;
	return false;
}

static bool
is_sensible(int64_t in, int64_t out, int64_t size)
{
	return in >= 1 && out >= 1 && size >= 1 && in <= EXTENT_MAX &&
	    size <= SIZE_MAX_TRIED;
}

bool
nnv_window_fits(const struct nnv_window *window, const int64_t *in,
    const int64_t *out)
{
	for (uint32_t i = 0; i < window->n; i++) {
		bool found = false;

		if (!is_sensible(in[i], out[i], window->size[i]))
			return false;
		/* a stride larger than the input stops only once */
		for (int64_t stride = 1; !found && stride <= STRIDE_MAX;
		     stride++)
			found = fits(in[i], out[i], window->size[i], stride);
		if (!found)
			return false;
	}
	return true;
}

/* The only stride that fits, or 0. */
static int64_t
solve(int64_t in, int64_t out, int64_t size)
{
	int64_t found = 0;

	if (!is_sensible(in, out, size) || out < 2)
		return 0;
	/* beyond this the second stop is already outside */
	for (int64_t stride = 1; stride <= (in + 2 * size) / (out - 1) + 1;
	     stride++) {
		if (!fits(in, out, size, stride))
			continue;
		if (found != 0)
			return 0;
		found = stride;
	}
	return found;
}

void
nnv_window_solve(struct nnv_window *window, const int64_t *in,
    const int64_t *out)
{
	for (uint32_t i = 0; i < window->n; i++) {
		window->stride[i] = solve(in[i], out[i], window->size[i]);
		if (window->stride[i] == 0) {
			window->stride[0] = 0;
			return;
		}
	}
}

/* BEFORE and the value, or the values where they differ. */
static void
tell(struct nnv_graph *graph, struct nnv_node *node, const char *key,
    const char *before, const int64_t *values, uint32_t n)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool equal = true;

	for (uint32_t i = 1; i < n; i++)
		equal = equal && values[i] == values[0];
	nnv_text_adds(&text, before);
	for (uint32_t i = 0; i < (equal ? 1 : n); i++) {
		if (i > 0)
			nnv_text_adds(&text, "\xc3\x97");
		nnv_text_addi(&text, values[i]);
	}
	graph->failed |= nnv_text_failed(&text);
	nnv_node_add_hyper(graph, node, key, nnv_text_str(&text));
	nnv_text_release(&text);
}

void
nnv_window_tell(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_window *w)
{
	bool moves = false, dilated = false, padded = false;
	int64_t padding[NNV_WINDOW_AXES] = { 0 };

	for (uint32_t i = 0; i < w->n; i++) {
		int64_t dilation = w->dilation[i] > 0 ? w->dilation[i] : 1;

		moves |= w->stride[i] > 1;
		dilated |= w->dilation[i] > 1;
		padding[i] = w->padding_plus_1[i] - 1;
		padded |= padding[i] >= 0 &&
		    padding[i] != (w->size[i] - 1) / 2 * dilation;
	}
	if (moves && w->stride[0] > 0)
		tell(graph, node, "stride", "/", w->stride, w->n);
	if (dilated)
		tell(graph, node, "dilation", "dilation ", w->dilation, w->n);
	if (padded)
		tell(graph, node, "padding", "pad ", padding, w->n);
}
