#include "scene.h"

#include <math.h>

#include "nnviz/arena.h"

/* Bands; points; cells for each item. */
enum { BANDS_MAX = 1 << 20, WIDE_LEAST = 256, CELLS_EACH = 4 };

static size_t
index_of(double from, double to, double step, size_t n)
{
	double at = (to - from) / step;

	if (at < 0)
		return 0;
	return at >= (double)n ? n - 1 : (size_t)at;
}

/* A line may lead downwards, or to the left. */
static struct nnv_box
upright(struct nnv_box box)
{
	return (struct nnv_box){ fmin(box.left, box.right),
		fmin(box.bottom, box.top), fmax(box.left, box.right),
		fmax(box.bottom, box.top) };
}

static struct nnv_cells
cells_of(const struct nnv_scene *scene, struct nnv_box box)
{
	return (struct nnv_cells){
		index_of(scene->bottom, box.bottom, scene->high, scene->nbands),
		index_of(scene->bottom, box.top, scene->high, scene->nbands),
		index_of(scene->left, box.left, scene->wide, scene->ncells),
		index_of(scene->left, box.right, scene->wide, scene->ncells),
	};
}

/* Cells twice as wide as what stands in them, but not many more than that. */
static void
divide(struct nnv_scene *scene, struct nnv_box all, double widths)
{
	double high = all.top - all.bottom, wide = all.right - all.left, most;

	scene->bottom = all.bottom;
	scene->nbands = high < scene->high * BANDS_MAX
	    ? (size_t)(high / scene->high) + 1
	    : BANDS_MAX;
	most = CELLS_EACH * (double)scene->nitems / (double)scene->nbands;
	scene->left = all.left;
	scene->wide = fmax(2 * widths / (double)(scene->nitems + 1),
	    fmax(wide / fmax(most, 1), WIDE_LEAST));
	scene->ncells = (size_t)(wide / scene->wide) + 1;
}

static void
find_extent(struct nnv_scene *scene)
{
	struct nnv_box all = { 0, 0, 0, 0 };
	double widths = 0;
	size_t i;

	for (i = 0; i < scene->nitems; i++) {
		struct nnv_box box = upright(scene->items[i].box);

		all.left = fmin(all.left, box.left);
		all.right = fmax(all.right, box.right);
		all.bottom = fmin(all.bottom, box.bottom);
		all.top = fmax(all.top, box.top);
		widths += box.right - box.left;
	}
	divide(scene, all, widths);
}

static bool
hang(struct nnv_scene *scene, size_t index, uint32_t *first)
{
	void *sights = scene->sights;

	if (!nnv_heap_grow(&sights, &scene->sight_cap, scene->nsights + 1,
		sizeof(*scene->sights))) {
		scene->failed = true;
		return false;
	}
	scene->sights = sights;
	scene->sights[scene->nsights++] = (struct nnv_sight){ (uint32_t)index,
		*first };
	*first = (uint32_t)scene->nsights;
	return true;
}

/* Hang the item into the cells that it touches. */
static void
show(struct nnv_scene *scene, size_t index)
{
	struct nnv_cells at = cells_of(scene, upright(scene->items[index].box));

	for (size_t band = at.band; band <= at.last_band; band++)
		for (size_t cell = at.cell; cell <= at.last_cell; cell++)
			if (!hang(scene, index,
				&scene->first[band * scene->ncells + cell]))
				return;
}

void
nnv_scene_add(struct nnv_scene *scene, enum nnv_item_kind kind,
    struct nnv_box box, const void *owner)
{
	void *items = scene->items;

	if (scene->failed ||
	    !nnv_heap_grow(&items, &scene->cap, scene->nitems + 1,
		sizeof(*scene->items))) {
		scene->failed = true;
		return;
	}
	scene->items = items;
	scene->items[scene->nitems++] = (struct nnv_item){ kind, box, owner };
	if (scene->first != NULL)
		show(scene, scene->nitems - 1);
}

bool
nnv_scene_index(struct nnv_scene *scene, double high)
{
	if (scene->failed)
		return false;
	scene->high = high;
	find_extent(scene);
	nnv_heap_free(scene->first);
	scene->nsights = 0;
	scene->first = nnv_heap_alloc(scene->nbands * scene->ncells,
	    sizeof(*scene->first));
	if (scene->first == NULL)
		return false;
	for (size_t i = 0; i < scene->nitems && !scene->failed; i++)
		show(scene, i);
	return !scene->failed;
}

void
nnv_scene_release(struct nnv_scene *scene)
{
	nnv_heap_free(scene->items);
	nnv_heap_free(scene->first);
	nnv_heap_free(scene->sights);
	*scene = (struct nnv_scene){ .nitems = 0 };
}

static uint32_t
first_sight(const struct nnv_scene *scene, const struct nnv_look *look)
{
	return scene->first[look->band * scene->ncells + look->cell];
}

struct nnv_look
nnv_scene_look(const struct nnv_scene *scene, struct nnv_box box)
{
	struct nnv_cells cells = cells_of(scene, box);
	struct nnv_look look = { cells, cells.band, cells.cell, 0, false };

	look.sight = first_sight(scene, &look);
	return look;
}

/* Whether there is a further cell. */
static bool
move_on(const struct nnv_scene *scene, struct nnv_look *look)
{
	if (look->cell < look->cells.last_cell) {
		look->cell++;
	} else if (look->band < look->cells.last_band) {
		look->band++;
		look->cell = look->cells.cell;
	} else {
		return false;
	}
	look->sight = first_sight(scene, look);
	return true;
}

/* Whether the item is met here first: in its band, or, if it is wanted ONCE, in
 * all of the box. */
static bool
is_first(const struct nnv_scene *scene, const struct nnv_look *look,
    const struct nnv_item *item)
{
	bool left = look->cell == look->cells.cell;
	bool low = !look->once || look->band == look->cells.band;
	struct nnv_cells at;

	if (left && low)
		return true;
	at = cells_of(scene, upright(item->box));
	return (left || look->cell == at.cell) &&
	    (low || look->band == at.band);
}

const struct nnv_item *
nnv_scene_next(const struct nnv_scene *scene, struct nnv_look *look)
{
	for (;;) {
		const struct nnv_sight *sight;
		const struct nnv_item *item;

		while (look->sight == 0)
			if (!move_on(scene, look))
				return NULL;
		sight = &scene->sights[look->sight - 1];
		item = &scene->items[sight->item];
		look->sight = sight->next;
		if (is_first(scene, look, item))
			return item;
	}
}

bool
nnv_boxes_meet(struct nnv_box a, struct nnv_box b)
{
	return a.left < b.right && b.left < a.right && a.bottom < b.top &&
	    b.bottom < a.top;
}

bool
nnv_line_meets(const struct nnv_item *line, struct nnv_box box, double *left,
    double *right)
{
	double x0 = line->box.left, y0 = line->box.bottom;
	double x1 = line->box.right, y1 = line->box.top, swap;

	if (y0 > y1) {
		swap = x0, x0 = x1, x1 = swap;
		swap = y0, y0 = y1, y1 = swap;
	}
	if (y1 < box.bottom || y0 > box.top)
		return false;
	if (y0 < box.bottom)
		x0 += (x1 - x0) * (box.bottom - y0) / (y1 - y0);
	if (y1 > box.top)
		x1 += (x0 - x1) * (y1 - box.top) /
		    (y1 - (y0 < box.bottom ? box.bottom : y0));
	*left = x0 < x1 ? x0 : x1;
	*right = x0 < x1 ? x1 : x0;
	return box.right > *left && box.left < *right;
}
