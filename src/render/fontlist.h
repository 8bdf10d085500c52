/* The fonts that are there, found out sooner than the library would. */
#ifndef NNVIZ_RENDER_FONTLIST_H
#define NNVIZ_RENDER_FONTLIST_H

/*
 * Let fontconfig read its configuration before pango has it do so, in the child
 * only. Where that fails, the library does all by itself, as ever.
 */
void nnv_fontlist_open(void);

#endif
