/* SPDX-License-Identifier: MIT */
/*
 * One event's XML to a record, through expat. Only what the schema's System and EventData say is taken; everything else
 * is passed over. The bytes are hostile: whoever may write to the log wrote them. Source:
 * https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype.
 * claim: events.source-names
 */
#include <expat.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "host/nouns/clock/clock.h"
#include "host/nouns/event/event.h"

enum { MAX_DEPTH = 16, MAX_DATA = 64 };

/* What the text between two tags belongs to. */
enum target { TARGET_NONE, TARGET_ID, TARGET_RECORD_ID, TARGET_DATA };

struct reader {
    XML_Parser parser;
    struct arena *arena;
    struct event_record record;
    const char *data[MAX_DATA];
    unsigned depth;
    bool in_system, in_data;
    enum target target;
    struct buf text;
    const char *refused; /* why, once something is wrong */
};

static void drop_parser(XML_Parser *parser)
{
    if (*parser != NULL) {
        XML_ParserFree(*parser);
    }
}

static void refuse(struct reader *reader, const char *why)
{
    reader->refused = reader->refused != NULL ? reader->refused : why;
    (void)XML_StopParser(reader->parser, XML_FALSE);
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (text_same(attributes[i], name)) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static void begin_text(struct reader *reader, enum target target)
{
    reader->target = target;
    reader->text.size = 0;
}

static void open_system_member(struct reader *reader, const char *name, const XML_Char **attributes)
{
    if (text_same(name, "Provider")) {
        const char *provider = attribute(attributes, "Name");
        reader->record.provider = provider != NULL ? arena_text(reader->arena, provider) : NULL;
    } else if (text_same(name, "TimeCreated")) {
        reader->record.utc_ms = clock_read_utc(attribute(attributes, "SystemTime"));
    } else if (text_same(name, "EventID")) {
        begin_text(reader, TARGET_ID);
    } else if (text_same(name, "EventRecordID")) {
        begin_text(reader, TARGET_RECORD_ID);
    }
}

static void XMLCALL open_element(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = context;
    if (++reader->depth > MAX_DEPTH) {
        refuse(reader, "it is nested too deep");
        return;
    }
    if (reader->depth == 2) {
        reader->in_system = text_same(name, "System");
        reader->in_data = text_same(name, "EventData");
    } else if (reader->depth == 3 && reader->in_system) {
        open_system_member(reader, name, attributes);
    } else if (reader->depth == 3 && reader->in_data && text_same(name, "Data")) {
        begin_text(reader, TARGET_DATA);
    }
}

static void take_text(struct reader *reader)
{
    const char *text = buf_string(&reader->text);
    int64_t number = -1;
    if (reader->target == TARGET_DATA) {
        if (reader->record.data_count == MAX_DATA) {
            refuse(reader, "it has too many Data");
            return;
        }
        reader->data[reader->record.data_count++] = arena_text(reader->arena, reader->text.size > 0 ? text : "");
        return;
    }
    if (reader->text.size == 0 || !text_to_int(text, &number) || number < 0 ||
        (reader->target == TARGET_ID && number > UINT32_MAX)) {
        refuse(reader, "its EventID or EventRecordID is no number");
    } else if (reader->target == TARGET_ID) {
        reader->record.id = (uint32_t)number;
    } else {
        reader->record.record_id = (uint64_t)number;
    }
}

static void XMLCALL close_element(void *context, const XML_Char *name)
{
    struct reader *reader = context;
    (void)name;
    if (reader->depth == 3 && reader->target != TARGET_NONE) {
        take_text(reader);
        reader->target = TARGET_NONE;
    }
    reader->depth--;
}

static void XMLCALL add_text(void *context, const XML_Char *text, int size)
{
    struct reader *reader = context;
    if (reader->target != TARGET_NONE && reader->depth == 3) {
        buf_add(&reader->text, text, (size_t)size);
    }
}

static void XMLCALL refuse_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                                   int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(context, "it has a document type");
}

static bool run_parser(struct reader *reader, const char *xml, size_t size, struct err *err)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, open_element, close_element);
    XML_SetCharacterDataHandler(reader->parser, add_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, refuse_doctype);
    enum XML_Status status = XML_Parse(reader->parser, xml, (int)size, XML_TRUE);
    bool is_out_of_memory = status == XML_STATUS_ERROR && XML_GetErrorCode(reader->parser) == XML_ERROR_NO_MEMORY;
    if (is_out_of_memory || reader->text.failed) { /* a text is never longer than its event */
        return err_set(err, ERR_MEMORY, 0, "no memory to read an event");
    }
    if (reader->refused != NULL) {
        return err_set(err, ERR_INVALID, 0, "an event cannot be read: %s", reader->refused);
    }
    if (status == XML_STATUS_ERROR) {
        return err_set(err, ERR_INVALID, 0, "an event cannot be read: %s",
                       XML_ErrorString(XML_GetErrorCode(reader->parser)));
    }
    return true;
}

bool event_parse(const char *xml, size_t size, struct arena *arena, struct event_record *ret_record, struct err *err)
{
    if (size > LIMIT_EVENT_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "an event has more than %d bytes", (int)LIMIT_EVENT_BYTES);
    }
    XML_Parser parser AUTO(drop_parser) = XML_ParserCreate("UTF-8");
    if (parser == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory to read an event");
    }
    struct reader reader = {.parser = parser, .arena = arena, .record = {.utc_ms = -1}};
    buf_init(&reader.text, LIMIT_EVENT_BYTES);
    bool read = run_parser(&reader, xml, size, err);
    buf_clear(&reader.text);
    if (!read) {
        return false;
    }
    if (reader.record.provider == NULL || reader.record.utc_ms < 0) {
        return err_set(err, ERR_INVALID, 0, "an event without Provider or TimeCreated");
    }
    const char **data = arena_array(arena, reader.record.data_count, sizeof(const char *));
    for (size_t i = 0; i < reader.record.data_count; i++) {
        data[i] = reader.data[i];
    }
    reader.record.data = data;
    *ret_record = reader.record;
    return true;
}
