#include "core/api/json_once.h"

template class nlohmann::basic_json<>;
template class nlohmann::basic_json<nlohmann::ordered_map>;
CITYBRIDGE_JSON_PARTS(, nlohmann::json)
CITYBRIDGE_JSON_PARTS(, nlohmann::ordered_json)
