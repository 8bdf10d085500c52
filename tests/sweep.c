/*
 * Damage of every small kind: sweep FILE STEP loads every prefix of FILE, and
 * FILE with each of its bytes turned into others, each STEP-th of both, and
 * goes with what loads the whole road to a drawing. A crash ends the program,
 * an unexplained failure too; it prints how many were read and how many
 * refused. A FILE that ends in ".style" is a style.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz/road.h"
#include "nnviz/file.h"

struct counts {
	size_t read, refused;
};

/* Where what is left of a style is put to be loaded; "": no style. */
static char scratch[64];

static void
try_style(const char *bytes, size_t n, struct counts *counts)
{
	struct nnv_style *style = nnv_style_new();
	FILE *file = fopen(scratch, "wb");
	struct nnv_diag diag;

	if (style == NULL || file == NULL || fwrite(bytes, 1, n, file) != n ||
	    fclose(file) != 0)
		abort();
	nnv_diag_init(&diag, scratch);
	if (nnv_style_load(style, nnv_str(scratch), &diag)) {
		counts->read++;
	} else {
		road_explained(&diag);
		counts->refused++;
	}
	nnv_style_free(style);
}

/* Memory of exactly N bytes, so that a sanitizer sees what is read beyond. */
static void
try_model(const char *bytes, size_t n, struct counts *counts)
{
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;
	char *exact = malloc(n != 0 ? n : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes, n);
	graph = road_begin(&road, (struct nnv_str){ exact, n }, &diag);
	if (graph != NULL)
		counts->read++;
	else
		counts->refused++;
	road_go(graph, ROAD_USUAL, 0);
	road_end(&road);
	free(exact);
}

static void
try(const char *bytes, size_t n, struct counts *counts)
{
	if (scratch[0] != '\0')
		try_style(bytes, n, counts);
	else
		try_model(bytes, n, counts);
}

static void
sweep(const struct nnv_input *input, size_t step, struct counts *counts)
{
	static const unsigned char changes[] = { 0xff, 0x01, 0x80 };
	size_t n = input->bytes.n;
	char *bytes = malloc(n + 1);

	if (bytes == NULL)
		abort();
	memcpy(bytes, input->bytes.p, n);
	for (size_t at = 0; at < n; at += step) {
		char kept = bytes[at];

		try(bytes, at, counts);
		bytes[at] = (char)(kept ^ changes[at / step % 3]);
		try(bytes, n, counts);
		bytes[at] = kept;
	}
	free(bytes);
}

/* What is tried of a style has a file in a directory of its own. */
static bool
make_scratch(void)
{
	char dir[] = "/tmp/sweep.XXXXXX";

	if (mkdtemp(dir) == NULL)
		return false;
	snprintf(scratch, sizeof(scratch), "%s/x.style", dir);
	return true;
}

static void
remove_scratch(void)
{
	if (scratch[0] == '\0')
		return;
	unlink(scratch);
	*strrchr(scratch, '/') = '\0';
	rmdir(scratch);
}

int
main(int argc, char **argv)
{
	struct counts counts = { 0, 0 };
	struct nnv_input input;
	struct nnv_diag diag;
	long step = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (step < 1) {
		fprintf(stderr, "usage: sweep FILE STEP\n");
		return 2;
	}
	nnv_diag_init(&diag, argv[1]);
	if (!nnv_input_read(&input, argv[1], (size_t)1 << 26, &diag)) {
		fprintf(stderr, "sweep: %s: %s\n", argv[1], diag.text);
		return 1;
	}
	if (nnv_str_ends(nnv_str(argv[1]), NNV_STR(".style")) &&
	    !make_scratch())
		return 1;
	sweep(&input, (size_t)step, &counts);
	remove_scratch();
	nnv_input_release(&input);
	printf("%zu read, %zu refused\n", counts.read, counts.refused);
	return 0;
}
