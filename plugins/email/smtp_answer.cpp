#include "plugins/email/smtp_answer.h"

#include <algorithm>

#include "core/api/text.h"

namespace citybridge::email {

std::string queue_id_of(std::string_view line) {
    constexpr std::size_t kLongest = 100;
    const std::string lower = lower_case(line);
    // Postfix and many: "queued as ID". Exim: "OK id=ID".
    for (const std::string_view mark : {"queued as ", "id="}) {
        const auto at = lower.find(mark);
        if (at == std::string::npos) continue;
        std::string_view id = line.substr(at + mark.size());
        const auto* const end = std::find_if(id.begin(), id.end(), [](char c) {
            const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            return !word && c != '-' && c != '_' && c != '.';
        });
        id = id.substr(0, static_cast<std::size_t>(end - id.begin()));
        while (id.ends_with('.')) id.remove_suffix(1);
        if (!id.empty() && id.size() <= kLongest) return std::string(id);
    }
    return {};
}

}  // namespace citybridge::email
