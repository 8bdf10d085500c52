/*
 * Graphviz writes an element a line, in one fixed form; one pass over the lines
 * is enough to turn it into SVG for a page:
 *
 *   - no DOCTYPE, whose DTD some readers fetch; no comments, which tell the
 *     version; where the picture is to fill its place also no XML declaration,
 *     so that it can stand inside of HTML, and no fixed size;
 *   - title, description and role on the drawing, and on every box and arrow
 *     the words of its tooltip as title: what a screen reader says;
 *   - links without a target, which only carried the tooltip, are dropped;
 *   - the font once, on the root, and no text that is blank; "transparent" is
 *     "none" in SVG 1.1;
 *   - the style sheet of a theme that follows the reader's.
 */
#include "svg.h"

static const struct nnv_str font_mark = { " font-family=\"", 14 };

struct pass {
	struct nnv_str rest;
	const struct nnv_sheet *sheet;
	struct nnv_text *out;
	struct nnv_str font; /* the attribute's value, once it was seen */
	bool in_dropped;     /* inside of a link that is not written */
	bool begun;          /* the root was written */
};

/* The value of an attribute, as written; absent where there is none. MARK is
 * ' name="'. */
static struct nnv_str
attribute(struct nnv_str line, struct nnv_str mark)
{
	size_t at = nnv_str_find(line, mark);
	const char *end;

	if (at == line.n)
		return (struct nnv_str){ NULL, 0 };
	line = nnv_str_from(line, at + mark.n);
	end = memchr(line.p, '"', line.n);
	return (struct nnv_str){ line.p,
		end != NULL ? (size_t)(end - line.p) : 0 };
}

static void
add_attribute(struct nnv_text *out, const char *name, struct nnv_str value)
{
	nnv_text_addf(out, " %s=\"", name);
	nnv_text_add(out, value);
	nnv_text_addc(out, '"');
}

/* The first font of the picture: every text has the same. */
static struct nnv_str
find_font(struct nnv_str all)
{
	return attribute(all, font_mark);
}

static void
add_words(struct pass *pass, const char *element, const struct nnv_text *words)
{
	if (words->n == 0)
		return;
	nnv_text_addf(pass->out, "<%s id=\"nnviz-%s\">", element, element);
	nnv_text_add_html(pass->out, nnv_text_str(words));
	nnv_text_addf(pass->out, "</%s>\n", element);
}

static void
add_root_attributes(struct pass *pass, struct nnv_str width,
    struct nnv_str height, struct nnv_str box)
{
	struct nnv_text *out = pass->out;

	nnv_text_adds(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" class=\"nnviz\"");
	if (pass->sheet->responsive) {
		nnv_text_adds(out, " style=\"width:100%;max-width:");
		nnv_text_add(out, width);
		nnv_text_adds(out, ";height:auto\"");
	} else {
		add_attribute(out, "width", width);
		add_attribute(out, "height", height);
	}
	add_attribute(out, "viewBox", box);
	if (pass->font.n != 0)
		add_attribute(out, "font-family", pass->font);
	nnv_text_adds(out,
	    " role=\"img\" aria-labelledby=\"nnviz-title\" "
	    "aria-describedby=\"nnviz-desc\">\n");
}

/* The root element, which Graphviz writes on two lines. */
static bool
write_root(struct pass *pass, struct nnv_str line)
{
	struct nnv_str second = nnv_str_take(&pass->rest, '\n');
	struct nnv_str width = attribute(line, NNV_STR(" width=\""));
	struct nnv_str height = attribute(line, NNV_STR(" height=\""));
	struct nnv_str box = attribute(second, NNV_STR(" viewBox=\""));

	if (width.n == 0 || height.n == 0 || box.n == 0)
		return false;
	add_root_attributes(pass, width, height, box);
	add_words(pass, "title", &pass->sheet->title);
	add_words(pass, "desc", &pass->sheet->desc);
	if (pass->sheet->css.n != 0) {
		nnv_text_adds(pass->out, "<style>\n");
		nnv_text_add(pass->out, nnv_text_str(&pass->sheet->css));
		nnv_text_adds(pass->out, "</style>\n");
	}
	pass->begun = true;
	return true;
}

/* A tooltip's lines as one sentence; it is escaped already. */
static void
add_tooltip(struct nnv_text *out, struct nnv_str tooltip)
{
	static const struct nnv_str newline = { "&#10;", 5 };

	while (tooltip.n != 0) {
		size_t at = nnv_str_find(tooltip, newline);

		nnv_text_add(out, (struct nnv_str){ tooltip.p, at });
		if (at == tooltip.n)
			return;
		nnv_text_adds(out, ", ");
		tooltip = nnv_str_from(tooltip, at + newline.n);
	}
}

/* '<g id="a_NAME"><a ...>': a link with its group. The group of an object
 * called a_something begins alike. */
static bool
begins_link(struct nnv_str line)
{
	return nnv_str_starts(line, NNV_STR("<g id=\"a_")) &&
	    nnv_str_find(line, NNV_STR("\"><a ")) < line.n;
}

/*
 * A title, which is the object's name: what follows is the link with its
 * tooltip, if it has one. Without tooltip it says nothing to a person.
 */
static void
write_title(struct pass *pass)
{
	struct nnv_str peek = pass->rest, tooltip;
	struct nnv_str line = nnv_str_take(&peek, '\n');

	if (!begins_link(line))
		return;
	tooltip = attribute(line, NNV_STR(" xlink:title=\""));
	if (tooltip.n == 0)
		return;
	nnv_text_adds(pass->out, "<title>");
	add_tooltip(pass->out, tooltip);
	nnv_text_adds(pass->out, "</title>\n");
}

/* An element, without its font and with a colour that SVG 1.1 knows. */
static void
write_element(struct pass *pass, struct nnv_str line)
{
	static const struct nnv_str transparent = { "\"transparent\"", 13 };
	struct nnv_str font = attribute(line, font_mark);
	size_t at = nnv_str_find(line, font_mark);

	if (font.n != 0 && pass->font.p != NULL &&
	    nnv_str_eq(font, pass->font)) {
		nnv_text_add(pass->out, (struct nnv_str){ line.p, at });
		line = nnv_str_from(line, at + font_mark.n + font.n + 1);
	}
	while ((at = nnv_str_find(line, transparent)) < line.n) {
		nnv_text_add(pass->out, (struct nnv_str){ line.p, at });
		nnv_text_adds(pass->out, "\"none\"");
		line = nnv_str_from(line, at + transparent.n);
	}
	nnv_text_add(pass->out, line);
	nnv_text_addc(pass->out, '\n');
}

/* A group of a node, arrow or frame: what a person would call one thing. */
static void
write_group(struct pass *pass, struct nnv_str line)
{
	struct nnv_str class = attribute(line, NNV_STR(" class=\""));

	if (nnv_str_starts(class, NNV_STR("node ")) &&
	    !nnv_str_eq(class, NNV_STR("node fork"))) {
		nnv_text_add(pass->out, (struct nnv_str){ line.p, line.n - 1 });
		nnv_text_adds(pass->out, " role=\"img\">\n");
	} else
		write_element(pass, line);
}

/* Link and group end on lines of their own, and links do not nest. */
static bool
write_link(struct pass *pass, struct nnv_str line)
{
	size_t at;

	if (begins_link(line)) {
		at = nnv_str_find(line, NNV_STR(" xlink:href="));
		pass->in_dropped = at == line.n;
		if (!pass->in_dropped)
			write_element(pass, line);
		return true;
	}
	if (nnv_str_eq(line, NNV_STR("</a>"))) {
		if (pass->in_dropped)
			nnv_str_take(&pass->rest, '\n');
		else
			write_element(pass, line);
		pass->in_dropped = false;
		return true;
	}
	return false;
}

/* Skip to the end of what may cover several lines. */
static void
skip(struct pass *pass, struct nnv_str line, struct nnv_str end)
{
	while (nnv_str_find(line, end) == line.n && pass->rest.n != 0)
		line = nnv_str_take(&pass->rest, '\n');
}

/* A text that shows nothing: a space between two of them. */
static bool
is_blank_text(struct nnv_str line)
{
	return nnv_str_starts(line, NNV_STR("<text ")) &&
	    (nnv_str_ends(line, NNV_STR("> </text>")) ||
		nnv_str_ends(line, NNV_STR("> &#160;</text>")));
}

static bool
write_line(struct pass *pass, struct nnv_str line)
{
	if (nnv_str_starts(line, NNV_STR("<?xml"))) {
		if (!pass->sheet->responsive)
			write_element(pass, line);
	} else if (nnv_str_starts(line, NNV_STR("<!--")))
		skip(pass, line, NNV_STR("-->"));
	else if (nnv_str_starts(line, NNV_STR("<!DOCTYPE")))
		skip(pass, line, NNV_STR(">"));
	else if (nnv_str_starts(line, NNV_STR("<svg ")))
		return !pass->begun && write_root(pass, line);
	else if (nnv_str_starts(line, NNV_STR("<title>")))
		write_title(pass);
	else if (write_link(pass, line) || is_blank_text(line))
		return true;
	else if (nnv_str_starts(line, NNV_STR("<g ")))
		write_group(pass, line);
	else
		write_element(pass, line);
	return true;
}

bool
nnv_svg_refine(struct nnv_str given, const struct nnv_sheet *sheet,
    struct nnv_text *out)
{
	struct pass pass = { .rest = given, .sheet = sheet, .out = out };

	pass.font = find_font(given);
	while (pass.rest.n != 0)
		if (!write_line(&pass, nnv_str_take(&pass.rest, '\n')))
			return false;
	return pass.begun && !nnv_text_failed(out);
}
