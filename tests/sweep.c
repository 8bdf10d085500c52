/*
 * Damage of every small kind: sweep FILE STEP loads every prefix of FILE, and
 * FILE with each of its bytes turned into others, each STEP-th of both, and
 * goes with what loads the whole road to a drawing. A crash ends the program,
 * an unexplained failure too; it prints how many were read and how many
 * refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/road.h"
#include "nnviz/file.h"

struct counts {
	size_t read, refused;
};

/* Memory of exactly N bytes, so that a sanitizer sees what is read beyond. */
static void
try(const char *bytes, size_t n, struct counts *counts)
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
	sweep(&input, (size_t)step, &counts);
	nnv_input_release(&input);
	printf("%zu read, %zu refused\n", counts.read, counts.refused);
	return 0;
}
