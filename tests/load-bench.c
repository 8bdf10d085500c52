/*
 * load-bench FILE N: read, unpack, parse and load FILE N times, and print the
 * milliseconds of CPU that each time took, a line each. What the program does
 * with the graph afterwards is not part of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nnviz/file.h"
#include "nnviz/format.h"

static double
cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool
load(const char *path, struct nnv_diag *diag)
{
	const struct nnv_load_limits limits = { .input = SIZE_MAX / 2,
		.arena = SIZE_MAX / 2 };
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_graph *graph;
	struct nnv_input input;
	bool ok = false;

	if (!nnv_input_read(&input, path, limits.input, diag))
		return false;
	nnv_arena_init(&arena, SIZE_MAX);
	nnv_names_init(&names);
	graph = nnv_graph_new(&arena, &names);
	if (graph != NULL) {
		ok = nnv_graph_load(graph, input.bytes, nnv_str(path), limits,
		    diag);
		nnv_graph_free(graph);
	}
	nnv_names_release(&names);
	nnv_arena_release(&arena);
	nnv_input_release(&input);
	return ok;
}

int
main(int argc, char **argv)
{
	struct nnv_diag diag;
	char line[1024];
	long n;

	if (argc != 3 || (n = strtol(argv[2], NULL, 10)) < 1)
		return 2;
	nnv_diag_init(&diag, argv[1]);
	while (n-- > 0) {
		double start = cpu_ms();

		if (!load(argv[1], &diag)) {
			nnv_diag_line(&diag, line, sizeof(line));
			fprintf(stderr, "load-bench: %s\n", line);
			return 1;
		}
		printf("%.2f\n", cpu_ms() - start);
	}
	return 0;
}
