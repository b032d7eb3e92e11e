#pragma once
// The words to say that people are shown now (scripts.h says how they come to be). Plain data.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/api/papers.h"
#include "core/desk/latest.h"

namespace citybridge::desk {

struct ScriptWords {
    std::int64_t version = 0;
    std::string title;
    std::string text;
};

// What people are shown, by kind of order and occasion ("state:calling").
class Scripts {
public:
    // Null: nothing that was approved.
    const ScriptWords* find(const std::string& kind, const std::string& on) const;
    void put(const std::string& kind, const std::string& on, ScriptWords words);
    void put(const PaperRecord& script);

private:
    std::map<std::pair<std::string, std::string>, ScriptWords> shown_;
};

using ScriptBox = Latest<Scripts>;

}  // namespace citybridge::desk
