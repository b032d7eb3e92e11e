#pragma once
#include <string>
#include <vector>

#include "core/api/model_json.h"

namespace citybridge {

// Columns aligned by what a terminal shows: a Chinese character is two cells wide.
std::string format_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

// One cell: null as "-", control characters as blanks (what a customer wrote moves nobody's cursor).
std::string text_of(const nlohmann::ordered_json& value);

// The tables of `citybridge contacts|agents` and of replay, made from the
// contract's JSON, so that they work on a remote node's answer too.
std::string contacts_table(const nlohmann::ordered_json& contacts);
// The same with the id last: what a command on one is given.
std::string contacts_table_with_ids(const nlohmann::ordered_json& contacts);
std::string agents_table(const nlohmann::ordered_json& agents);
std::string plugins_table(const nlohmann::ordered_json& plugins);

}  // namespace citybridge
