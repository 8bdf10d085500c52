/*
 * Pictures: each format whole, the same bytes twice, and what libgvc does wrong
 * reported in our words.
 */
#define _GNU_SOURCE
#include "nnviz/render.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "drafting.h"
#include "nnviz/arena.h"
#include "render/child.h"
#include "render/format.h"
#include "render/scene.h"
#include "render/svg.h"
#include "render/wire.h"
#include "unit.h"

static void
renders(struct draft *draft, const char *format)
{
	if (!draft_render(draft, format))
		fail_msg("%s: %s", format, draft->diag.text);
}

static void
writes_every_format_that_there_is(void **state)
{
	bool available[NNV_PICTURE_FORMATS];
	const struct nnv_picture_format *format;
	struct draft draft;
	size_t i;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 1);
	if (!nnv_picture_probe(available, &draft.diag))
		fail_msg("%s", draft.diag.text);
	for (i = 0; (format = nnv_picture_format(i)) != NULL; i++) {
		assert_true(i < NNV_PICTURE_FORMATS);
		assert_ptr_equal(nnv_picture_named(nnv_str(format->name)),
		    format);
		if (strcmp(format->name, "json") == 0 ||
		    strcmp(format->name, "atlas") == 0 || !available[i])
			continue;
		renders(&draft, format->name);
		assert_true(draft.out.n > 100);
	}
	/* what the program is for is never missing */
	for (i = 0; i < 5; i++)
		assert_true(available[i]);
	draft_end(&draft);
}

static void
knows_no_other_format(void **state)
{
	static const char *const names[] = { "", "x11", "gtk", "PDF ", "exe",
		"canon", "png:cairo", "json", "atlas" };
	struct draft draft;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		draft_begin(&draft);
		draft_residual(&draft, 1);
		if (draft_render(&draft, names[i]))
			fail_msg("'%s' is rendered", names[i]);
		assert_int_equal(draft.diag.code, NNV_E_USAGE);
		draft_end(&draft);
	}
}

/* A second later, in another time zone, with a heap in another order. */
static void
gives_the_same_bytes_again(void **state)
{
	static const char *const formats[] = { "svg", "pdf", "png", "dot",
		"eps" };
	void *litter[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct draft first, second;

		draft_begin(&first);
		draft_residual(&first, 3);
		renders(&first, formats[i]);
		for (k = 0; k < 64; k++)
			litter[k] = malloc(17 + 31 * k);
		for (k = 0; k < 64; k += 2)
			free(litter[k]);
		setenv("TZ", "Pacific/Kiritimati", 1);
		if (i == 1)
			sleep(1);
		draft_begin(&second);
		draft_residual(&second, 3);
		renders(&second, formats[i]);
		for (k = 1; k < 64; k += 2)
			free(litter[k]);
		if (first.out.n != second.out.n ||
		    memcmp(first.out.p, second.out.p, first.out.n) != 0)
			fail_msg("%s differs", formats[i]);
		draft_end(&first);
		draft_end(&second);
	}
}

/* Whatever order they are made in, and with a link in it that some of them
 * escape. */
static void
gives_the_same_bytes_in_company(void **state)
{
	static const char *const formats[] = { "png", "cmapx", "svg", "pdf",
		"dot", "xdot", "svg", "eps", "cmapx" };
	enum { N = sizeof(formats) / sizeof(formats[0]) };
	struct nnv_picture pictures[N];
	struct nnv_subject subject = { .draw = draft_draw };
	struct draft draft;
	size_t i;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 2);
	draft.graph->nodes[3].site = (struct nnv_site){
		draft_name(&draft, "net.py"), 7
	};
	assert_true(draft_style(&draft,
	    "source_url=https://x.org/?f={file}&l={line}"));
	subject.arg = &draft;
	for (i = 0; i < N; i++)
		pictures[i] = (struct nnv_picture){ nnv_str(formats[i]),
			NNV_TEXT_EMPTY };
	assert_true(nnv_render(&subject, pictures, N, &draft.diag));
	for (i = 0; i < N; i++) {
		renders(&draft, formats[i]);
		if (draft.out.n != pictures[i].bytes.n ||
		    memcmp(draft.out.p, pictures[i].bytes.p, draft.out.n) != 0)
			fail_msg("%s differs", formats[i]);
		if (formats[i][0] == 's')
			assert_true(draft_says(&draft, "&amp;l=7\""));
		nnv_text_release(&pictures[i].bytes);
	}
	draft_end(&draft);
}

static Agraph_t *
given(void *drawing, struct nnv_diag *diag)
{
	(void)diag;
	return drawing;
}

/* A drawing that somebody else made. */
static bool
render_given(Agraph_t *drawing, struct nnv_text *out, struct nnv_diag *diag)
{
	struct nnv_subject subject = { .draw = given, .arg = drawing };
	struct nnv_picture picture = { NNV_STR("svg"), NNV_TEXT_EMPTY };
	bool fine = nnv_render(&subject, &picture, 1, diag);

	*out = picture.bytes;
	return fine;
}

static Agraph_t *
small_drawing(void)
{
	char name[] = "g", node[] = "a";
	Agraph_t *drawing = agopen(name, Agdirected, NULL);

	agnode(drawing, node, 1);
	return drawing;
}

static void
tells_of_a_label_that_cannot_be_parsed(void **state)
{
	Agraph_t *drawing = small_drawing();
	char label[] = "label", empty[] = "", bad[] = "<B>a&b</B>";
	struct nnv_text out = NNV_TEXT_EMPTY;
	struct nnv_diag diag;
	char *html = agstrdup_html(drawing, bad);

	(void)state;
	agattr(drawing, AGNODE, label, empty);
	agset(agfstnode(drawing), label, html);
	agstrfree(drawing, html);
	nnv_diag_init(&diag, NULL);
	assert_false(render_given(drawing, &out, &diag));
	assert_int_equal(diag.code, NNV_E_GRAPHVIZ);
	assert_non_null(strstr(diag.text, "could not parse a label"));
	assert_non_null(strstr(diag.text, "node a"));
	assert_int_equal(out.n, 0);
	nnv_text_release(&out);
	agclose(drawing);
}

static void
warns_of_what_libgvc_only_mentions(void **state)
{
	Agraph_t *drawing = small_drawing();
	char color[] = "color", none[] = "nosuchcolour";
	struct nnv_text out = NNV_TEXT_EMPTY;
	struct nnv_diag diag;

	(void)state;
	agattr(drawing, AGNODE, color, none);
	nnv_diag_init(&diag, NULL);
	assert_true(render_given(drawing, &out, &diag));
	assert_int_equal(diag.nwarnings, 1);
	assert_non_null(strstr(diag.warnings[0].text, "nosuchcolour"));
	nnv_text_release(&out);
	agclose(drawing);
}

/* A text in all that makes it another size. */
static const char *const voices[] = { "as wide as it is",
	"<B>as wide as it is</B>", "<I>as wide as it is</I>",
	"<FONT POINT-SIZE=\"30\">as wide as it is</FONT>",
	"<FONT FACE=\"monospace\">as wide as it is</FONT>",
	"as wide as he is" };

enum { VOICES = sizeof(voices) / sizeof(voices[0]) };

/* The widths of the boxes FROM to END, which stand in one drawing. */
static void
draw_voices(size_t from, size_t end, double widths[VOICES])
{
	Agraph_t *drawing = small_drawing();
	char label[] = "label", empty[] = "", name[32];
	struct nnv_subject subject = { .draw = given, .arg = drawing };
	struct nnv_picture picture = { NNV_STR("plain"), NNV_TEXT_EMPTY };
	struct nnv_diag diag;

	agdelnode(drawing, agfstnode(drawing));
	agattr(drawing, AGNODE, label, empty);
	for (size_t i = from; i < end; i++) {
		char *html = agstrdup_html(drawing, (char *)voices[i]);

		snprintf(name, sizeof(name), "v%zu", i);
		agset(agnode(drawing, name, 1), label, html);
	}
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_render(&subject, &picture, 1, &diag));
	for (size_t i = from; i < end; i++) {
		const char *at;

		snprintf(name, sizeof(name), "node v%zu", i);
		at = strstr(picture.bytes.p, name);
		assert_non_null(at);
		assert_int_equal(sscanf(at, "node %*s %*f %*f %lf", &widths[i]),
		    1);
	}
	nnv_text_release(&picture.bytes);
	agclose(drawing);
}

/* What a text measures is remembered: for its font, size and weight only. */
static void
tells_texts_from_their_like(void **state)
{
	double alone[VOICES], together[VOICES];

	(void)state;
	for (size_t i = 0; i < VOICES; i++)
		draw_voices(i, i + 1, alone);
	draw_voices(0, VOICES, together);
	assert_memory_equal(alone, together, sizeof(alone));
}

static bool
do_crash(void *arg, int fd)
{
	(void)arg;
	nnv_child_write(fd, "half", 4);
	nnv_child_write(2, "a.c: assertion failed\n", 22);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return true;
}

static bool
do_exit(void *arg, int fd)
{
	(void)arg;
	(void)fd;
	nnv_child_write(1, "gvwrite problem\n", 16);
	_exit(1);
}

static bool
do_nothing_for_long(void *arg, int fd)
{
	(void)arg;
	(void)fd;
	for (;;)
		pause();
	return true;
}

static bool
do_much(void *arg, int fd)
{
	char block[4096];
	int i;

	(void)arg;
	memset(block, 'x', sizeof(block));
	for (i = 0; i < 1000; i++)
		if (!nnv_child_write(fd, block, sizeof(block)) ||
		    !nnv_child_write(2, block, 1000))
			return false;
	return true;
}

static bool
do_fail(void *arg, int fd)
{
	(void)arg;
	(void)fd;
	return false;
}

/* What drawing never does is refused; what is not is told. */
static bool
do_trespass(void *arg, int fd)
{
	char *const argv[] = { (char *)"true", NULL };
	char memory[64];
	int refused = 0;

	(void)arg;
	snprintf(memory, sizeof(memory), "/proc/%ld/mem", (long)getppid());
	refused += open(memory, O_RDWR) < 0 && errno == EACCES;
	refused += kill(getppid(), 0) < 0 && errno == EPERM;
	refused += syscall(SYS_tgkill, getppid(), getppid(), 0) < 0 &&
	    errno == EPERM;
	refused += syscall(SYS_tgkill, getpid(), getpid(), 0) == 0;
	refused += socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM;
	refused += socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM;
	refused += ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 &&
	    errno == EPERM;
	refused += syscall(425, 1, NULL) < 0 && errno == EPERM;
	execv("/bin/true", argv);
	refused += errno == EPERM;
	nnv_child_write(fd, refused == 9 ? "none" : "some", 4);
	return access("/", R_OK) == 0 && open("/dev/null", O_RDWR) >= 0;
}

static bool
in_child(nnv_child_work *work, int seconds, struct nnv_child_result *result,
    struct nnv_diag *diag)
{
	struct nnv_child_ear ear = { .take = NULL };

	nnv_child_result_release(result);
	nnv_diag_init(diag, NULL);
	nnv_child_limit(&ear, seconds);
	return nnv_child_run(work, NULL, &ear, result, diag);
}

static void
survives_what_a_child_does(void **state)
{
	struct nnv_child_result got = NNV_CHILD_RESULT_EMPTY;
	struct nnv_diag diag;

	(void)state;
	assert_false(in_child(do_crash, 10, &got, &diag));
	assert_non_null(strstr(diag.text, "crashed"));
	assert_non_null(strstr(diag.text, "a.c: assertion failed"));
	assert_false(in_child(do_exit, 10, &got, &diag));
	assert_non_null(strstr(diag.text, "status 1"));
	assert_non_null(strstr(diag.text, "gvwrite problem"));
	assert_false(in_child(do_nothing_for_long, 1, &got, &diag));
	assert_int_equal(diag.code, NNV_E_LATE);
	assert_true(in_child(do_fail, 10, &got, &diag));
	assert_true(got.failed);
	assert_true(in_child(do_much, 30, &got, &diag));
	assert_false(got.failed);
	assert_int_equal(got.out.n, 4096000);
	assert_int_equal(got.said.n, 1 << 16);
	nnv_child_result_release(&got);
}

/* Whether the kernel can keep a process from the memory of others. */
static bool
has_domains(void)
{
	return syscall(444, NULL, 0, 1) > 0;
}

static void
lets_a_child_do_little(void **state)
{
	struct nnv_child_result got = NNV_CHILD_RESULT_EMPTY;
	struct nnv_diag diag;

	(void)state;
	if (access("/proc/sys/kernel/seccomp/actions_avail", R_OK) != 0 ||
	    !has_domains())
		skip();
	assert_true(in_child(do_trespass, 10, &got, &diag));
	assert_false(got.failed);
	assert_string_equal(got.out.p, "none");
	nnv_child_result_release(&got);
}

static void
knows_a_whole_file(void **state)
{
	const struct nnv_picture_row *pdf = nnv_picture_row(NNV_STR("pdf"));
	const struct nnv_picture_row *svg = nnv_picture_row(NNV_STR("svg"));

	(void)state;
	assert_true(nnv_picture_complete(pdf, NNV_STR("%PDF-1.5 x %%EOF\n")));
	assert_false(nnv_picture_complete(pdf, NNV_STR("%PDF-1.5 x %%EO")));
	assert_false(nnv_picture_complete(pdf, NNV_STR("xPDF-1.5 x %%EOF")));
	assert_false(nnv_picture_complete(pdf, NNV_STR("")));
	assert_false(nnv_picture_complete(svg, NNV_STR("<?xml ></svg")));
}

static void
refuses_svg_of_another_form(void **state)
{
	static const char *const texts[] = { "", "<svg>", "<svg \n",
		"<svg width=\"1pt\" height=\"2pt\"\n", "<!-- never ends",
		"<svg width=\"1pt\" height=\"2pt\"\n viewBox=\"0\">\n<svg x" };
	struct nnv_sheet sheet = { .dpi = 96 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct nnv_text out = NNV_TEXT_EMPTY;

		if (nnv_svg_refine(nnv_str(texts[i]), &sheet, &out))
			fail_msg("%zu is taken", i);
		nnv_text_release(&out);
	}
}

static void
is_fit_for_a_page(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 1);
	assert_true(draft_style(&draft, "svg_responsive=true"));
	renders(&draft, "svg");
	assert_int_equal(memcmp(draft.out.p, "<svg ", 5), 0);
	assert_true(draft_says(&draft, "role=\"img\""));
	assert_true(draft_says(&draft, "max-width:"));
	assert_false(draft_says(&draft, " width=\""));
	assert_true(draft_says(&draft, ">Net, a neural network</title>"));
	assert_true(draft_says(&draft, "id=\"layers.0.conv\""));
	assert_true(draft_says(&draft, "<title>Conv2d, layers.0.conv"));
	assert_false(draft_says(&draft, "<!--"));
	assert_false(draft_says(&draft, "<!DOCTYPE"));
	assert_false(draft_says(&draft, "<a "));
	assert_false(draft_says(&draft, "transparent"));
	draft_end(&draft);
}

/* A node's line of Graphviz's plain format. */
struct plain_box {
	double x, y, width, height;
};

/* From the layout's own coordinates: no two boxes overlap. */
static void
keeps_boxes_apart(void **state)
{
	struct draft draft;
	struct plain_box boxes[64];
	char *line;
	size_t n = 0, i, j;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 6);
	renders(&draft, "plain");
	for (line = draft.out.p; line != NULL; line = strchr(line + 1, '\n')) {
		struct plain_box *b = &boxes[n];

		assert_true(n < 64);
		if (sscanf(line, "\nnode %*s %lf %lf %lf %lf", &b->x, &b->y,
			&b->width, &b->height) == 4)
			n++;
	}
	assert_int_equal(n, 2 + 6 * 5);
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++) {
			double dx = boxes[i].x - boxes[j].x;
			double dy = boxes[i].y - boxes[j].y;

			dx = dx < 0 ? -dx : dx;
			dy = dy < 0 ? -dy : dy;
			if (2 * dx < boxes[i].width + boxes[j].width &&
			    2 * dy < boxes[i].height + boxes[j].height)
				fail_msg("%zu and %zu overlap", i, j);
		}
	draft_end(&draft);
}

/* Long lines of DOT are continued behind a backslash: undo that. */
static void
join_lines(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0')
		if (from[0] == '\\' && from[1] == '\n')
			from += 2;
		else
			*to++ = *from++;
	*to = '\0';
}

/* The number behind NAME in the statement that goes on at P, or USUAL, which
 * is not written. */
static double
number_after(const char *p, const char *name, double usual)
{
	const char *at = strstr(p, name), *end = strstr(p, "];");

	assert_non_null(end);
	return at != NULL && at < end ? strtod(at + strlen(name), NULL) : usual;
}

/* Every "T x y align width n -text" of a box's label lies inside of the box. */
static void
check_label(const char *label)
{
	double middle = number_after(label, "\tpos=\"", 0);
	double half = number_after(label, "\twidth=", 0.75) * 36;
	const char *end = strchr(label, '"'), *p = label;

	while ((p = strstr(p, " T ")) != NULL && p < end) {
		double x, y, width;
		int align;

		assert_int_equal(sscanf(p, " T %lf %lf %d %lf", &x, &y, &align,
				     &width),
		    4);
		x -= align < 0 ? 0 : align == 0 ? width / 2 : width;
		if (x < middle - half || x + width > middle + half)
			fail_msg("text from %g to %g, box from %g to %g", x,
			    x + width, middle - half, middle + half);
		p += 3;
	}
}

static void
keeps_labels_inside_of_boxes(void **state)
{
	static const char start[] = "_ldraw_=\"";
	struct draft draft;
	const char *p;
	size_t n = 0;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 4);
	draft.graph->nodes[2].op = draft_name(&draft,
	    "AVeryLongNameOfATypeThatSomebodyMustHaveWrittenOnce");
	draft.graph->nodes[2].leaf = draft_name(&draft,
	    "and_a_long_name_of_its_attribute_too_with_\xe5\xb1\x82");
	renders(&draft, "xdot");
	join_lines(draft.out.p);
	for (p = draft.out.p; (p = strstr(p, start)) != NULL; n++) {
		const char *class = strstr(p, "class=");

		p += sizeof(start) - 1;
		/* frames have labels of their own kind */
		if (class != NULL &&
		    strncmp(class, "class=\"module", 13) != 0 &&
		    strstr(p, "width=") != NULL)
			check_label(p);
	}
	assert_true(n > 20);
	draft_end(&draft);
}

static void
finds_what_is_near(void **state)
{
	struct nnv_scene scene = { .nitems = 0 };
	struct nnv_box near = { 0, 95, 10, 105 }, far = { 0, 300, 10, 310 };
	const struct nnv_item *item;
	struct nnv_look look;
	double left = 0, right = 0;
	bool line = false, late = false;

	(void)state;
	nnv_scene_add(&scene, NNV_ITEM_BOX, (struct nnv_box){ 5, 90, 20, 100 },
	    NULL);
	nnv_scene_add(&scene, NNV_ITEM_LINE, (struct nnv_box){ 4, 200, 4, 0 },
	    NULL);
	assert_true(nnv_scene_index(&scene, 24));
	assert_true(nnv_boxes_meet(scene.items[0].box, near));
	assert_false(nnv_boxes_meet(scene.items[0].box, far));
	look = nnv_scene_look(&scene, near);
	while ((item = nnv_scene_next(&scene, &look)) != NULL)
		line |= item->kind == NNV_ITEM_LINE &&
		    nnv_line_meets(item, near, &left, &right);
	assert_true(line);
	/* also what is added later */
	nnv_scene_add(&scene, NNV_ITEM_BOX, near, &late);
	look = nnv_scene_look(&scene, near);
	while ((item = nnv_scene_next(&scene, &look)) != NULL)
		late |= item->owner == &late;
	assert_true(late);
	assert_true(left == 4 && right == 4);
	assert_false(nnv_line_meets(&scene.items[1], far, &left, &right));
	nnv_scene_release(&scene);
}

/* What a child says whose libraries a stranger took over. */
static void
hears_bytes_and_believes_none(void **state)
{
	static const struct nnv_frame frames[] = { { NNV_FRAME_PICTURE, 1, 4 },
		{ NNV_FRAME_PICTURE, UINT32_MAX, 4 }, { NNV_FRAME_END, 0, 4 },
		{ NNV_FRAME_END, 0, UINT64_MAX },
		{ NNV_FRAME_READY, UINT32_MAX, sizeof(struct nnv_diag) },
		{ 99, 0, sizeof(struct nnv_diag) } };
	struct nnv_diag diag, said;
	size_t i;

	(void)state;
	for (i = 0; i <= sizeof(frames) / sizeof(frames[0]); i++) {
		struct nnv_picture picture = { .bytes = NNV_TEXT_EMPTY };
		struct nnv_wire wire = {
			.pictures = &picture, .npictures = 1, .diag = &diag
		};
		struct nnv_frame end = { NNV_FRAME_END, 0, sizeof(said) };

		nnv_diag_init(&diag, "m.pkl");
		nnv_diag_init(&said, (const char *)1);
		if (i < sizeof(frames) / sizeof(frames[0]))
			end = frames[i];
		else
			said.nwarnings = 1000000;
		nnv_wire_take(&wire,
		    (struct nnv_str){ (const char *)&end, sizeof(end) });
		nnv_wire_take(&wire,
		    (struct nnv_str){ (const char *)&said, sizeof(said) });
		assert_true(wire.broken);
		assert_false(wire.ended);
		assert_int_equal(diag.nwarnings, 0);
		assert_string_equal(diag.source, "m.pkl");
		assert_int_equal(picture.bytes.n, 0);
	}
}

/* In pieces of every size, and nothing behind what is broken. */
static void
hears_frames_in_pieces(void **state)
{
	struct nnv_frame part = { NNV_FRAME_PICTURE, 0, 5 };
	struct nnv_frame end = { NNV_FRAME_END, 0, sizeof(struct nnv_diag) };
	struct nnv_diag diag, said;
	struct nnv_text all = NNV_TEXT_EMPTY;
	size_t step, at;

	(void)state;
	nnv_diag_init(&said, NULL);
	nnv_warn(&said, "odd", "what is odd");
	nnv_text_add(&all, (struct nnv_str){ (char *)&part, sizeof(part) });
	nnv_text_adds(&all, "<svg>");
	nnv_text_add(&all, (struct nnv_str){ (char *)&end, sizeof(end) });
	nnv_text_add(&all, (struct nnv_str){ (char *)&said, sizeof(said) });
	for (step = 1; step < 40; step++) {
		struct nnv_picture picture = { .bytes = NNV_TEXT_EMPTY };
		struct nnv_wire wire = {
			.pictures = &picture, .npictures = 1, .diag = &diag
		};

		nnv_diag_init(&diag, "m.pkl");
		for (at = 0; at < all.n; at += step)
			nnv_wire_take(&wire,
			    (struct nnv_str){ all.p + at,
				step < all.n - at ? step : all.n - at });
		assert_true(wire.ended && !wire.broken);
		assert_string_equal(picture.bytes.p, "<svg>");
		assert_string_equal(diag.warnings[0].text, "what is odd");
		assert_string_equal(diag.source, "m.pkl");
		nnv_text_release(&picture.bytes);
	}
	nnv_text_release(&all);
}

UNIT_MAIN("render", cmocka_unit_test(writes_every_format_that_there_is),
    cmocka_unit_test(knows_no_other_format),
    cmocka_unit_test(gives_the_same_bytes_again),
    cmocka_unit_test(gives_the_same_bytes_in_company),
    cmocka_unit_test(tells_of_a_label_that_cannot_be_parsed),
    cmocka_unit_test(warns_of_what_libgvc_only_mentions),
    cmocka_unit_test(tells_texts_from_their_like),
    cmocka_unit_test(survives_what_a_child_does),
    cmocka_unit_test(lets_a_child_do_little),
    cmocka_unit_test(hears_bytes_and_believes_none),
    cmocka_unit_test(hears_frames_in_pieces),
    cmocka_unit_test(knows_a_whole_file),
    cmocka_unit_test(refuses_svg_of_another_form),
    cmocka_unit_test(is_fit_for_a_page), cmocka_unit_test(keeps_boxes_apart),
    cmocka_unit_test(keeps_labels_inside_of_boxes),
    cmocka_unit_test(finds_what_is_near))
