/*
 * A network is drawn in few words: three thousand boxes hold 28 000 texts, of
 * which one thousand differ. Pango takes ten microseconds for each, in all a
 * quarter of the whole run. A plugin of ours for texts, of better quality than
 * pango's so that it is the one in use, asks pango's for what it has not seen
 * yet.
 *
 * What pango makes of a text stays until the process ends, because all that
 * read the same share it; so there is a bound to how many are kept, which a
 * document of many thousand pages would reach.
 */
#include "ruler.h"

#include <graphviz/gvplugin.h>
#include <graphviz/gvplugin_textlayout.h>

#include "library.h"
#include "nnviz/names.h"
#include "nnviz/text.h"

enum { KEPT = 4096 };

static boolean measure(textspan_t *span, char **path);

/* libgvc calls it with a text and nothing else. */
static struct {
	gvtextlayout_engine_t *theirs;
	struct nnv_names names; /* of font and text, together */
	struct nnv_text key;
	textspan_t kept[KEPT + 1]; /* by name; without a text: not yet */

	gvtextlayout_engine_t ours;
	gvplugin_installed_t types[2];
	gvplugin_api_t apis[2];
	gvplugin_library_t library;
} ruler;

/* Everything that decides how large a text is; its colour does not. */
static nnv_name
name_of(const textspan_t *span)
{
	const textfont_t *font = span->font;
	struct nnv_text *key = &ruler.key;
	struct nnv_str text;

	if (font == NULL || font->name == NULL || span->str == NULL)
		return NNV_NO_NAME;
	nnv_text_clear(key);
	nnv_text_add(key,
	    (struct nnv_str){ (const char *)&font->size, sizeof(font->size) });
	nnv_text_addc(key, (char)font->flags);
	nnv_text_add(key, nnv_str(font->name));
	nnv_text_addc(key, '\0');
	nnv_text_add(key, nnv_str(span->str));
	if (nnv_text_failed(key))
		return NNV_NO_NAME;
	text = nnv_text_str(key);
	return ruler.names.ntexts <= KEPT ? nnv_names_add(&ruler.names, text)
					  : nnv_names_find(&ruler.names, text);
}

static boolean
measure(textspan_t *span, char **path)
{
	nnv_name name = name_of(span);
	textspan_t *kept = &ruler.kept[name <= KEPT ? name : NNV_NO_NAME];

	if (name == NNV_NO_NAME || name > KEPT)
		return ruler.theirs->textlayout(span, path);
	if (kept->str == NULL) {
		if (!ruler.theirs->textlayout(span, path))
			return FALSE;
		*kept = *span;
	}
	span->layout = kept->layout;
	span->free_layout = NULL;
	span->yoffset_layout = kept->yoffset_layout;
	span->yoffset_centerline = kept->yoffset_centerline;
	span->size = kept->size;
	return TRUE;
}

/* The row of a plugin that measures texts, or NULL. */
static gvplugin_installed_t *
find_theirs(const gvplugin_library_t *library)
{
	for (const gvplugin_api_t *api = library->apis; api->types != NULL;
	     api++)
		if (api->api == API_textlayout)
			return api->types;
	return NULL;
}

void
nnv_ruler_lay(GVC_t *gvc)
{
	static const struct nnv_symbol pango = { "gvplugin_pango_LTX_library",
		0 };
	static const struct nnv_symbol choose = { "gvtextlayout_select", 0 };
	const gvplugin_library_t *library;
	const gvplugin_installed_t *type;
	int (*select)(GVC_t *);

	/* the context has it loaded if it is what measures */
	if (nnv_library_load("libgvplugin_pango.so.6", &pango, 1, &library) !=
		NULL ||
	    nnv_library_load("libgvc.so.6", &choose, 1, &select) != NULL)
		return;
	type = find_theirs(library);
	if (type == NULL || type->engine == NULL)
		return;
	nnv_names_init(&ruler.names);
	ruler.theirs = type->engine;
	ruler.ours.textlayout = measure;
	ruler.types[0] = (gvplugin_installed_t){ 0, type->type,
		type->quality + 1, &ruler.ours, NULL };
	ruler.apis[0] = (gvplugin_api_t){ API_textlayout, ruler.types };
	ruler.library = (gvplugin_library_t){ (char *)"nnviz", ruler.apis };
	gvAddLibrary(gvc, &ruler.library);
	select(gvc);
}
