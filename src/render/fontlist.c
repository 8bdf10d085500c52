/*
 * The first text that is measured makes fontconfig read what fonts there are:
 * its configuration, and then every template of a configuration that lies on
 * the machine, in use or not, for nothing but a list of what they are called.
 * That list is a tenth of the whole run of a small drawing. A configuration
 * that was read by its other functions and made the current one is the same but
 * for the list.
 */
#include "fontlist.h"

#include <stdbool.h>

#include "library.h"

/* Of fontconfig, by their names behind "Fc"; configurations, lists and strings
 * are pointers. */
struct fontconfig {
	void *(*ConfigCreate)(void);
	void (*ConfigDestroy)(void *config);
	int (*ConfigParseAndLoad)(void *config, const void *file, int complain);
	int (*ConfigSetCurrent)(void *config);
	void *(*ConfigGetCacheDirs)(void *config);
	void *(*StrListNext)(void *list);
	void (*StrListDone)(void *list);
};

#define CALL(name)                                            \
	{                                                     \
		"Fc" #name, offsetof(struct fontconfig, name) \
	}

static const struct nnv_symbol calls[] = {
	CALL(ConfigCreate),
	CALL(ConfigDestroy),
	CALL(ConfigParseAndLoad),
	CALL(ConfigSetCurrent),
	CALL(ConfigGetCacheDirs),
	CALL(StrListNext),
	CALL(StrListDone),
};

/* Whether it says where caches are. One that does not, or that was not found,
 * is completed by the library, which says so. */
static bool
has_caches(const struct fontconfig *fc, void *config)
{
	void *list = fc->ConfigGetCacheDirs(config);
	bool any;

	if (list == NULL)
		return false;
	any = fc->StrListNext(list) != NULL;
	fc->StrListDone(list);
	return any;
}

void
nnv_fontlist_open(void)
{
	struct fontconfig fc;
	void *config;

	if (nnv_library_load("libfontconfig.so.1", calls,
		sizeof(calls) / sizeof(*calls), &fc) != NULL)
		return;
	config = fc.ConfigCreate();
	if (config == NULL)
		return;
	if (fc.ConfigParseAndLoad(config, NULL, false) &&
	    has_caches(&fc, config))
		fc.ConfigSetCurrent(config);
	fc.ConfigDestroy(config);
}
