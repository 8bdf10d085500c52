/*
 * Links to source code. A URL is kept to the characters that need no quoting
 * in SVG, PDF or HTML, all others being percent-encoded: Graphviz copies a URL
 * as it is, and a quote in one makes its PDF unreadable.
 */
#include "figure.h"

static bool
is_safe(char c, const char *also)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr(also, c) != NULL);
}

static void
add_encoded(struct nnv_text *out, struct nnv_str s, const char *also)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (is_safe(s.p[i], also))
			nnv_text_addc(out, s.p[i]);
		else
			nnv_text_addf(out, "%%%02X", (unsigned char)s.p[i]);
}

static bool
has_word(struct nnv_str text, struct nnv_str word, size_t at)
{
	return text.n - at >= word.n &&
	    memcmp(text.p + at, word.p, word.n) == 0;
}

void
nnv_link_node(struct nnv_figure *fig, uint32_t index)
{
	static const struct nnv_str file = { "{file}", 6 };
	static const struct nnv_str line = { "{line}", 6 };
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_str url = nnv_str(fig->style->source_url);
	struct nnv_str path = nnv_shown_path(fig, node->site.file);
	size_t i = 0;

	if (fig->pages != NULL && fig->pages[index] != 0) {
		nnv_text_clear(&fig->text);
		nnv_text_addf(&fig->text, "page:%u", fig->pages[index]);
		nnv_canvas_set_text(fig, fig->vertices[index], NNV_N_URL);
		return;
	}
	if (url.n == 0 || path.n == 0)
		return;
	nnv_text_clear(&fig->text);
	while (i < url.n) {
		if (has_word(url, file, i)) {
			add_encoded(&fig->text, path, "-._~/");
			i += file.n;
		} else if (has_word(url, line, i)) {
			nnv_text_addf(&fig->text, "%u", node->site.line);
			i += line.n;
		} else
			add_encoded(&fig->text,
			    (struct nnv_str){ url.p + i++, 1 },
			    "-._~/:?#[]@!$&*+,;=%");
	}
	nnv_canvas_set_text(fig, fig->vertices[index], NNV_N_URL);
	nnv_canvas_set(fig, fig->vertices[index], NNV_N_TARGET, "_blank");
}
