#pragma once
// Values of an order's fields against the flow's definitions.
#include "core/api/records.h"
#include "core/api/result.h"
#include "core/desk/flow.h"

namespace citybridge::desk {

// Empty: right. Else what is wrong, without the field's name.
std::string wrong_value(const FieldDef& field, const nlohmann::ordered_json& value);
// `given` laid over `fields`; null removes. Every problem in one sentence, code "order.bad_fields". `allowed` null: all
// of the flow's fields are.
Result<> merge_fields(const Flow& flow, const Fields& given, const std::vector<std::string>* allowed, Fields& fields);
// Sums follow their parts.
void add_up(const Flow& flow, Fields& fields);
// Fields that must be there and are not.
std::string missing_fields(const Flow& flow, const Fields& fields, const std::vector<std::string>& also);

std::size_t characters(std::string_view utf8);

}  // namespace citybridge::desk
