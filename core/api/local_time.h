#pragma once
// Times as logs write them, without a zone: "2026-11-21 19:35:01" where the writer lives.
#include <optional>
#include <string>
#include <string_view>

#include "core/api/time.h"

namespace citybridge {

class LocalTime {
public:
    // `zone`: "Asia/Shanghai", "UTC"; empty: this machine's own. Nothing: there is no such zone.
    static std::optional<LocalTime> in(const std::string& zone);
    // A fraction of a second may follow. Of a time that the zone has twice, the earlier; of one it skips, the moment
    // of the skip. Nothing for any other text.
    std::optional<WallTime> parse(std::string_view text) const;

private:
    explicit LocalTime(const void* zone) : zone_(zone) {}
    const void* zone_;  // lives as long as the process
};

}  // namespace citybridge
