/* What lies in a directory, by name. */
#include <dirent.h>

#include "nnviz/file.h"
#include "nnviz/text.h"

void
nnv_directory_list(const char *path, struct nnv_str suffix,
    struct nnv_text *out)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;

	if (directory == NULL)
		return;
	while ((entry = readdir(directory)) != NULL) {
		struct nnv_str name = nnv_str(entry->d_name);

		if (name.p[0] == '.' || name.n <= suffix.n ||
		    !nnv_str_ends(name, suffix) ||
		    memchr(name.p, '\n', name.n) != NULL)
			continue;
		nnv_text_add(out,
		    (struct nnv_str){ name.p, name.n - suffix.n });
		nnv_text_addc(out, '\n');
	}
	closedir(directory);
}
