/* Styles: every key, what is refused and how, files, who wins. */
#include "nnviz/style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draw/style.h"
#include "unit.h"

static bool
set(struct nnv_style *style, const char *assignment, struct nnv_diag *diag)
{
	nnv_diag_init(diag, NULL);
	return nnv_style_set(style, nnv_str(assignment), diag);
}

static void
refuses(const char *assignment, const char *words)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	assert_false(set(style, assignment, &diag));
	if (strstr(diag.text, words) == NULL)
		fail_msg("%s: '%s' is not in '%s'", assignment, words,
		    diag.text);
	nnv_style_free(style);
}

/* Every row's own initial value is one that it takes. */
static void
takes_what_it_begins_with(void **state)
{
	struct nnv_style *style = nnv_style_new();
	const struct nnv_style_key *key;
	struct nnv_diag diag;
	char line[256];
	size_t i;

	(void)state;
	assert_non_null(style);
	for (i = 0; (key = nnv_style_key(i)) != NULL; i++) {
		snprintf(line, sizeof(line), "%s = %s", key->name,
		    key->initial);
		if (!set(style, line, &diag))
			fail_msg("%s: %s", line, diag.text);
		assert_true(key->help[0] != '\0' && key->kind[0] != '\0');
	}
	assert_true(i >= 60);
	nnv_style_free(style);
}

static void
has_the_keys_of_nnviz(void **state)
{
	static const char *const lines[] = { "fontname=Arial",
		"default_node_color=gray", "default_edge_color=black",
		"node_style=rounded,filled", "node_margin=0.2,0.1",
		"edge_thickness=2.0", "graph_title_font_size=48",
		"node_title_font_size=24", "cluster_title_font_size=18",
		"show_title=True", "show_specs=false", "show_node_name=0",
		"show_node_params=no", "show_node_arguments=off",
		"show_node_source=yes", "show_clusters=False" };
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!set(style, lines[i], &diag))
			fail_msg("%s: %s", lines[i], diag.text);
	assert_string_equal(style->fontname, "Arial");
	assert_int_equal(style->graph_title_font_size, 48);
	assert_false(style->show_clusters);
	assert_true(style->show_node_source);
	assert_int_equal(style->paints[NNV_UNKNOWN_TYPE].fill.r, 0xc0);
	nnv_style_free(style);
}

static void
names_what_is_wrong(void **state)
{
	(void)state;
	refuses("show_titel=true", "did you mean \"show_title\"");
	refuses("color.convolutoin", "KEY=VALUE");
	refuses("=true", "KEY=VALUE");
	refuses("xyzzyplugh=1", "unknown style key \"xyzzyplugh\"");
	refuses("show_title=maybe",
	    "\"show_title\" wants true|false: \"maybe\"");
	refuses("dpi=12", "24..1200");
	refuses("dpi=96.5", "24..1200");
	refuses("dpi=99999999999999999999", "24..1200");
	refuses("dpi=-96", "24..1200");
	refuses("dpi=", "24..1200");
	refuses("edge_thickness=inf", "0..20");
	refuses("edge_thickness=0x2", "0..20");
	refuses("edge_thickness=1.2.3", "0..20");
	refuses("direction=UP", "TB|LR|BT|RL");
	refuses("direction=", "TB|LR|BT|RL");
	refuses("page=#12345", "colour");
	refuses("page=blurple", "colour");
	refuses("fontname=Arial\"><b", "font");
	refuses("fontname=", "font");
	refuses("node_style=rounded,evil", "node styles");
	refuses("node_margin=1,2,3", "inches");
	refuses("node_margin=x", "inches");
	refuses("cluster_fill=", "colours");
	refuses("color.layer4.*=nocolour", "wants fill");
	refuses("color.linear=red green blue white", "fill");
	refuses("source_url=a\nb", "URL");
	refuses("theme=no_such_theme",
	    "no theme \"no_such_theme\": there are auto, light");
	refuses("theme=./no_such", "no style file \"./no_such.style\"");
	refuses("theme=ligth", "did you mean \"light\"?");
	refuses("palette=sett", "set2|set3: \"sett\": did you mean \"set1\"");
	refuses("palette=", "accent|dark2");
}

/* What was meant, by what was typed. */
static void
names_what_was_meant(void **state)
{
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{ "them=dark", "mean \"theme\"?" },
		{ "rankdir=LR", "mean \"direction\"?" },
		{ "bgcolor=black", "mean \"page\"?" },
		{ "font=Arial", "mean \"fontname\"?" },
		{ "node_color=red", "mean \"default_node_color\"?" },
		{ "edge_colour=red", "mean \"default_edge_color\"?" },
		{ "show_names=no", "mean \"show_node_name\"?" },
		{ "title=no", "\"show_title\"" },
		{ "xyzzyplugh=1", "\"xyzzyplugh\": see --help" },
		{ "color_by=maccs", "\"maccs\": did you mean \"macs\"?" },
		{ "legend=ture", "did you mean \"true\"?" },
		{ "page=steelblu",
		    "wants a colour: \"steelblu\": "
		    "did you mean \"steelblue\"?" },
		{ "color.linear=gold blakc", "did you mean \"black\"?" },
		{ "color.layer4.*=glod", "did you mean \"gold\"?" },
		{ "cluster_fill=red, yelow", "did you mean \"yellow\"?" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuses(rows[i].typed, rows[i].meant);
}

/* Words and names of colours are the same in capitals. */
static void
takes_capitals(void **state)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	(void)state;
	assert_true(set(style, "direction=lr", &diag));
	assert_int_equal(style->direction, NNV_LR);
	assert_true(set(style, "legend=TRUE", &diag));
	assert_true(style->legend);
	assert_true(set(style, "page=SteelBlue", &diag));
	assert_int_equal(style->page.r, 0x46);
	assert_true(set(style, "palette=Set28", &diag));
	refuses("node_style=Rounded", "node styles");
	nnv_style_free(style);
}

static void
reads_colours_by_pattern(void **state)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	(void)state;
	assert_true(set(style, "color.Convolution=#c0504d", &diag));
	assert_int_equal(style->paints[NNV_CONVOLUTION].fill.r, 0xc0);
	assert_int_equal(style->nrules, 0);
	assert_true(set(style, "color.optimiser=gold", &diag));
	assert_int_equal(style->paints[NNV_OPTIMISER].fill.b, 0);
	assert_true(set(style, "color.layer4.*=gold black", &diag));
	assert_true(set(style, "color.ReLU=/set28/2 dashed", &diag));
	assert_int_equal(style->nrules, 2);
	assert_int_equal(style->rules[1].paint.outline, NNV_DASHED);
	assert_int_equal(style->rules[1].paint.fill.r, 0xfc);
	nnv_style_free(style);
}

/* A directory with style files, for as long as a test lasts. */
struct shelf {
	char dir[64];
};

static void
put(const struct shelf *shelf, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", shelf->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
drop(const struct shelf *shelf, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", shelf->dir, name);
	unlink(path);
}

static void
loads_files(void **state)
{
	struct shelf shelf = { "/tmp/nnviz-style-XXXXXX" };
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	(void)state;
	assert_non_null(mkdtemp(shelf.dir));
	put(&shelf, "base.style",
	    "# a comment\n\npage = #010203 # its end\n"
	    "ink=#040506\r\n\tdpi = 200\n");
	put(&shelf, "mine.style",
	    "include = base\ndpi = 300\n"
	    "color.layer1.*=red\n");
	put(&shelf, "loop.style", "include = loop\n");
	put(&shelf, "wrong.style", "page = white\n\ndpi = many\n");
	put(&shelf, "noise.style", "what is this\n");
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_style_search(style, nnv_str(shelf.dir), &diag));
	assert_true(set(style, "ink=#ffffff", &diag));
	if (!nnv_style_load(style, NNV_STR("mine"), &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(style->page.b, 3);
	assert_int_equal(style->dpi, 300);
	assert_int_equal(style->nrules, 1);
	/* what a person set wins over a file that is read later */
	assert_int_equal(style->ink.r, 255);
	assert_false(nnv_style_load(style, NNV_STR("loop"), &diag));
	assert_non_null(strstr(diag.text, "include each other"));
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_style_load(style, NNV_STR("wrong"), &diag));
	assert_non_null(strstr(diag.text, "wrong.style:3: "));
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_style_load(style, NNV_STR("noise"), &diag));
	assert_non_null(strstr(diag.text, "noise.style:1: "));
	nnv_style_free(style);
	drop(&shelf, "base.style");
	drop(&shelf, "mine.style");
	drop(&shelf, "loop.style");
	drop(&shelf, "wrong.style");
	drop(&shelf, "noise.style");
	rmdir(shelf.dir);
}

/* The style "loop" is refused for being endless. */
static void
is_endless(const struct shelf *shelf, const char *reason)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	assert_true(nnv_style_search(style, nnv_str(shelf->dir), &diag));
	assert_false(nnv_style_load(style, NNV_STR("loop"), &diag));
	assert_int_equal(diag.code, NNV_E_LIMIT);
	assert_non_null(strstr(diag.text, reason));
	nnv_style_free(style);
}

/* Files that include each other for ever: deep, or a thousand times wide. */
static void
refuses_endless_files(void **state)
{
	static const char *const loops[] = { "theme = loop\n", "theme = auto\n",
		"include = loop\n" };
	struct shelf shelf = { "/tmp/nnviz-style-XXXXXX" };
	struct nnv_text wide = NNV_TEXT_EMPTY;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(shelf.dir));
	for (i = 0; i < 3; i++) {
		put(&shelf, "loop.style", loops[i]);
		put(&shelf, "dark.style", loops[i]);
		is_endless(&shelf, "include each other");
	}
	for (i = 0; i < 100; i++)
		nnv_text_adds(&wide,
		    i % 2 != 0 ? "include = b\n" : "theme = c\n");
	put(&shelf, "loop.style", wide.p);
	nnv_text_clear(&wide);
	put(&shelf, "b.style", "include = c\ninclude = c\n");
	for (i = 0; i < 100; i++)
		nnv_text_adds(&wide, "include = d\n");
	put(&shelf, "c.style", wide.p);
	nnv_text_release(&wide);
	put(&shelf, "d.style", "theme = light\n");
	is_endless(&shelf, "more than 1000 others");
	drop(&shelf, "loop.style");
	drop(&shelf, "dark.style");
	drop(&shelf, "b.style");
	drop(&shelf, "c.style");
	drop(&shelf, "d.style");
	rmdir(shelf.dir);
}

static void
loads_the_styles_that_come_with_it(void **state)
{
	static const char *const names[] = { "light", "dark", "print",
		"colorblind", "nnviz", "blueprint", "auto" };
	struct nnv_diag diag;
	size_t i;

	(void)state;
	nnv_diag_init(&diag, NULL);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct nnv_style *style = nnv_style_new();

		assert_true(nnv_style_search(style, NNV_STR("styles"), &diag));
		if (!nnv_style_load(style, nnv_str(names[i]), &diag))
			fail_msg("%s: %s", names[i], diag.text);
		nnv_style_free(style);
	}
}

UNIT_MAIN("style", cmocka_unit_test(takes_what_it_begins_with),
    cmocka_unit_test(has_the_keys_of_nnviz),
    cmocka_unit_test(names_what_is_wrong),
    cmocka_unit_test(names_what_was_meant), cmocka_unit_test(takes_capitals),
    cmocka_unit_test(reads_colours_by_pattern), cmocka_unit_test(loads_files),
    cmocka_unit_test(refuses_endless_files),
    cmocka_unit_test(loads_the_styles_that_come_with_it))
