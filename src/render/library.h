/* Functions of libraries that Graphviz has loaded, or could. */
#ifndef NNVIZ_RENDER_LIBRARY_H
#define NNVIZ_RENDER_LIBRARY_H

#include <stddef.h>

/* A symbol, and where in a struct of pointers its address goes. */
struct nnv_symbol {
	const char *name;
	size_t at;
};

/*
 * Put N symbols of a library, by its file's name, to where they go in TO. NULL
 * when all are there; or what is missing, which is FILE if that is the library.
 */
const char *nnv_library_load(const char *file, const struct nnv_symbol *symbols,
    size_t n, void *to);

#endif
