#include "core/gateway/page_before.h"

#include <algorithm>
#include <charconv>

#include "core/api/records_json.h"

namespace citybridge::gateway {

Result<store::Before> before_of(const Call& call, std::size_t limit) {
    auto key = page_start(call.request);
    if (!key) return key.error();
    store::Before before;
    before.limit = limit;
    if (key->empty()) return before;
    std::int64_t ms = 0;
    const std::size_t at = std::min(key->find(' '), key->size());
    const auto [end, fault] = std::from_chars(key->data(), key->data() + at, ms);
    if (fault != std::errc{} || end != key->data() + at || at + 1 >= key->size())
        return Error{"request.bad_parameter", "Parameter 'cursor' must be a next_cursor of this list."};
    before.at = from_epoch_ms(ms);
    before.id = key->substr(at + 1);
    return before;
}

std::string key_before(WallTime at, const std::string& id) { return std::to_string(epoch_ms(at)) + " " + id; }

}  // namespace citybridge::gateway
