#pragma once
// The two kinds of JSON value are compiled once (json_once.cpp), not in every file that holds one: a seventh of the
// time to compile the tree went there. Part of the precompiled header; nobody else includes it.
#include <nlohmann/json.hpp>
#include <string>

namespace citybridge {

using JsonText = nlohmann::detail::iterator_input_adapter<std::string::const_iterator>;

}  // namespace citybridge

// `which`: `extern` where they are used, nothing where they are compiled.
#define CITYBRIDGE_JSON_PARTS(which, Json)                                     \
    which template class nlohmann::detail::serializer<Json>;                   \
    which template class nlohmann::detail::json_sax_dom_parser<Json>;          \
    which template class nlohmann::detail::json_sax_dom_callback_parser<Json>; \
    which template class nlohmann::detail::lexer<Json, citybridge::JsonText>;  \
    which template class nlohmann::detail::parser<Json, citybridge::JsonText>;

extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
CITYBRIDGE_JSON_PARTS(extern, nlohmann::json)
CITYBRIDGE_JSON_PARTS(extern, nlohmann::ordered_json)
