#include "plugins/sms_smpp/part_book.h"

#include <algorithm>
#include <utility>

namespace citybridge::sms_smpp {

void PartBook::note(const std::string& message, const std::vector<std::string>& ids) {
    const auto entry = std::make_shared<Entry>(Entry{message, ids, std::vector<bool>(ids.size(), false)});
    for (const std::string& id : ids) {
        if (id.empty()) continue;
        if (entries_.insert_or_assign(id, entry).second) oldest_.push_back(id);
    }
    for (; oldest_.size() > most_; oldest_.pop_front()) entries_.erase(oldest_.front());
}

PartBook::Told PartBook::receipt(const std::string& id, const std::string& state) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return {id, {}, state, 1, 1};
    Entry& entry = *found->second;
    const auto index = static_cast<std::size_t>(std::find(entry.ids.begin(), entry.ids.end(), id) - entry.ids.begin());
    Told out{entry.ids.back(), entry.message, state, index + 1, entry.ids.size()};
    if (state != "delivered") return out;
    // Some centres give all parts one id, and one receipt.
    for (std::size_t i = 0; i < entry.ids.size(); ++i)
        if (entry.ids[i] == id) entry.delivered[i] = true;
    if (std::find(entry.delivered.begin(), entry.delivered.end(), false) != entry.delivered.end())
        out.state = "accepted";
    return out;
}

}  // namespace citybridge::sms_smpp
