#include "api/field.h"

const char *
field_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

int64_t
field_number(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_real(v))
		return (int64_t)json_real_value(v);
	return json_integer_value(v);
}

bool
field_flag(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

bool
field_is_set(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return v != NULL && !json_is_null(v);
}

json_t *
field_of_text(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

json_t *
fault_to_json(const struct fault *f)
{
	return json_pack("{s:s, s:s, s:s}", "code", fault_name(f->code),
	    "field", f->field, "text", f->text);
}

int
fault_from_json(const json_t *o, struct fault *f)
{
	return fault_set(f, fault_code_of(field_text(o, "code")),
	    field_text(o, "field"), "%s", field_text(o, "text"));
}
