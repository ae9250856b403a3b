/* What lies at an address: its mapping, and the state of its page as far as a process may see its own. For signal
   handlers. Private to crash.h. */
#ifndef PAGEWALK_PLACE_H
#define PAGEWALK_PLACE_H

#include "line.h"
#include "maps.h"

#include <string.h>

/* {"mapping": {"of": "memory", "line": "7f00-7f01 rw-p … [heap]"}}; the line is empty where nothing is mapped. */
static void tell_mapping(const char *of, uintptr_t address)
{
    const char *found = "", *text;
    if (open_lines("/proc/self/maps") < 0)
        return;
    while ((text = next_line()))
        if (is_mapping_of(text, address)) {
            found = text;
            break;
        }
    close(reader.file);
    line_begin("{\"mapping\": {\"of\": \"");
    line_text(of);
    line_text("\", \"line\": \"");
    line_escaped(found);
    line_end("\"}}\n");
}

static void tell_smaps(uintptr_t address)
{
    static const char *const names[] = {"Rss:", "Private_Dirty:", "AnonHugePages:"};
    static const char *const words[] = {", \"rss_kb\": ", ", \"dirty_kb\": ", ", \"huge_kb\": "};
    const char *text;
    int inside = 0;
    if (open_lines("/proc/self/smaps") < 0)
        return;
    while ((text = next_line())) {
        int head = text[0] < 'A' || text[0] > 'Z';
        if (head && inside)
            break;
        inside |= head && is_mapping_of(text, address);
        for (unsigned i = 0; inside && !head && i < sizeof names / sizeof *names; i++)
            if (!strncmp(text, names[i], strlen(names[i]))) {
                line_text(words[i]);
                line_number(kilobytes(text), 10);
            }
    }
    close(reader.file);
}

/* {"page": {"present": 1, "swapped": 0, "file": 0, "soft_dirty": 1, "rss_kb": 12, "dirty_kb": 8, "huge_kb": 0}} */
static void tell_page(uintptr_t address)
{
    int known;
    uint64_t entry = pagemap_entry(address, &known);
    if (!known)
        return;
    line_begin("{\"page\": {\"present\": ");
    line_number(entry >> 63 & 1, 10);
    line_text(", \"swapped\": ");
    line_number(entry >> 62 & 1, 10);
    line_text(", \"file\": ");
    line_number(entry >> 61 & 1, 10);
    line_text(", \"soft_dirty\": ");
    line_number(entry >> 55 & 1, 10);
    tell_smaps(address);
    line_end("}}\n");
}

#endif
