/* What lies in a directory, by name; and directories themselves. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

/* Make one, unless it is there; 0 or an error number. */
static int
make_one(const char *path)
{
	struct stat st;

	if (mkdir(path, 0777) == 0 ||
	    (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return 0;
	return errno;
}

bool
nnv_directory_make(const char *path, struct nnv_diag *diag)
{
	struct nnv_text outer = NNV_TEXT_EMPTY;
	int errnum = 0;

	for (size_t i = 0; path[i] != '\0' && errnum == 0; i++) {
		if (path[i] == '/' && i > 0 && path[i - 1] != '/') {
			nnv_text_clear(&outer);
			nnv_text_add(&outer, (struct nnv_str){ path, i });
			errnum = nnv_text_failed(&outer) ? ENOMEM
							 : make_one(outer.p);
		}
	}
	nnv_text_release(&outer);
	if (errnum == 0)
		errnum = make_one(path);
	return errnum == 0 ||
	    nnv_fail(diag, NNV_E_SYSTEM, "%s: cannot make: %s", path,
		errnum == EEXIST ? "a file that is no folder has this name"
				 : strerror(errnum));
}
