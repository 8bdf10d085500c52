/*
 * Pages, fonts and texts need a few functions of libraries that come with
 * Graphviz's plugins. Asking for them by name, in the child that wants them,
 * costs other runs nothing, asks for no headers, and can be told that there are
 * none.
 */
#include "library.h"

#include <dlfcn.h>
#include <string.h>

/* ISO C converts no object's pointer to a function's. */
static void
put(char *place, void *symbol)
{
	memcpy(place, &symbol, sizeof(symbol));
}

const char *
nnv_library_load(const char *file, const struct nnv_symbol *symbols, size_t n,
    void *to)
{
	void *library = dlopen(file, RTLD_LAZY);

	if (library == NULL)
		return file;
	for (size_t i = 0; i < n; i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (symbol == NULL)
			return symbols[i].name;
		put((char *)to + symbols[i].at, symbol);
	}
	return NULL;
}
