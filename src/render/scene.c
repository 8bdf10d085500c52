#include "scene.h"

#include "nnviz/arena.h"

enum { BAND = 24, BANDS_MAX = 1 << 20 };

static size_t
band_of(const struct nnv_scene *scene, double y)
{
	double band = (y - scene->bottom) / BAND;

	if (band < 0)
		return 0;
	return band >= (double)scene->nbands ? scene->nbands - 1 : (size_t)band;
}

/* A line may lead downwards. */
static void
item_bands(const struct nnv_scene *scene, const struct nnv_item *item,
    size_t *first, size_t *last)
{
	double low = item->box.bottom, high = item->box.top;

	*first = band_of(scene, low < high ? low : high);
	*last = band_of(scene, low < high ? high : low);
}

static void
find_extent(struct nnv_scene *scene)
{
	double low = 0, high = 0;
	size_t i;

	for (i = 0; i < scene->nitems; i++) {
		struct nnv_box box = scene->items[i].box;

		low = box.bottom < low ? box.bottom : low;
		low = box.top < low ? box.top : low;
		high = box.bottom > high ? box.bottom : high;
		high = box.top > high ? box.top : high;
	}
	scene->bottom = low;
	scene->nbands = high - low < (double)BAND * BANDS_MAX
	    ? (size_t)((high - low) / BAND) + 1
	    : BANDS_MAX;
}

/* Hang the item into the bands that it touches. */
static void
show(struct nnv_scene *scene, size_t index)
{
	size_t band, last;
	void *sights;

	item_bands(scene, &scene->items[index], &band, &last);
	for (; band <= last && !scene->failed; band++) {
		sights = scene->sights;
		if (!nnv_heap_grow(&sights, &scene->sight_cap,
			scene->nsights + 1, sizeof(*scene->sights))) {
			scene->failed = true;
			return;
		}
		scene->sights = sights;
		scene->sights[scene->nsights++] = (struct nnv_sight){
			(uint32_t)index, scene->first[band]
		};
		scene->first[band] = (uint32_t)scene->nsights;
	}
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
nnv_scene_index(struct nnv_scene *scene)
{
	if (scene->failed)
		return false;
	find_extent(scene);
	nnv_heap_free(scene->first);
	scene->nsights = 0;
	scene->first = nnv_heap_alloc(scene->nbands + 1, sizeof(*scene->first));
	if (scene->first == NULL)
		return false;
	for (size_t i = 0; i < scene->nitems; i++)
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

struct nnv_look
nnv_scene_look(const struct nnv_scene *scene, struct nnv_box box)
{
	size_t band = band_of(scene, box.bottom);

	return (struct nnv_look){ band, band_of(scene, box.top),
		scene->first[band] };
}

const struct nnv_item *
nnv_scene_next(const struct nnv_scene *scene, struct nnv_look *look)
{
	const struct nnv_sight *sight;

	while (look->sight == 0 && look->band < look->last)
		look->sight = scene->first[++look->band];
	if (look->sight == 0)
		return NULL;
	sight = &scene->sights[look->sight - 1];
	look->sight = sight->next;
	return &scene->items[sight->item];
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
