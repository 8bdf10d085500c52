#include "scene.h"

#include "nnviz/arena.h"

enum { BAND = 24, BANDS_MAX = 1 << 20 };

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
}

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

/* Count, accumulate, fill: found[] holds each band's items together. */
bool
nnv_scene_index(struct nnv_scene *scene)
{
	size_t i, band, first, last;

	if (scene->failed)
		return false;
	find_extent(scene);
	scene->start = nnv_heap_alloc(scene->nbands + 2, sizeof(*scene->start));
	if (scene->start == NULL)
		return false;
	for (i = 0; i < scene->nitems; i++) {
		item_bands(scene, &scene->items[i], &first, &last);
		for (band = first; band <= last; band++)
			scene->start[band + 2]++;
	}
	for (band = 0; band < scene->nbands; band++)
		scene->start[band + 2] += scene->start[band + 1];
	scene->found = nnv_heap_alloc((size_t)scene->start[scene->nbands + 1] +
		1,
	    sizeof(*scene->found));
	if (scene->found == NULL)
		return false;
	for (i = 0; i < scene->nitems; i++) {
		item_bands(scene, &scene->items[i], &first, &last);
		for (band = first; band <= last; band++)
			scene->found[scene->start[band + 1]++] = (uint32_t)i;
	}
	return true;
}

void
nnv_scene_release(struct nnv_scene *scene)
{
	nnv_heap_free(scene->items);
	nnv_heap_free(scene->start);
	nnv_heap_free(scene->found);
	*scene = (struct nnv_scene){ .nitems = 0 };
}

const struct nnv_item *
nnv_scene_next(const struct nnv_scene *scene, struct nnv_box box, size_t *at)
{
	size_t first = scene->start[band_of(scene, box.bottom)];
	size_t end = scene->start[band_of(scene, box.top) + 1];

	if (first + *at >= end)
		return NULL;
	return &scene->items[scene->found[first + (*at)++]];
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
	return *left<box.right && * right> box.left;
}
