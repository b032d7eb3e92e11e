#include "bench/pbx_filter.h"

#include <regex.h>

#include <array>
#include <stdexcept>

#include "adapters/asterisk/filter.h"

namespace citybridge::bench {
namespace {

constexpr std::string_view kMessageEnd = "\r\n\r\n";

class Filters {
public:
    Filters() {
        for (std::size_t i = 0; i < compiled_.size(); ++i) {
            const std::string pattern(asterisk::kEventFilters[i].substr(1));  // without the "!"
            if (::regcomp(&compiled_[i], pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
                throw std::runtime_error("the C library does not take the filter " + pattern);
        }
    }
    ~Filters() {
        for (regex_t& each : compiled_) ::regfree(&each);
    }
    Filters(const Filters&) = delete;
    Filters& operator=(const Filters&) = delete;

    bool pass(const std::string& message) const {
        for (const regex_t& each : compiled_)
            if (::regexec(&each, message.c_str(), 0, nullptr, 0) == 0) return false;
        return true;
    }

private:
    std::array<regex_t, asterisk::kEventFilters.size()> compiled_{};
};

}  // namespace

std::vector<std::string> filtered_as_asterisk_does(const std::string& stream) {
    const Filters filters;
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (std::size_t end = stream.find(kMessageEnd); end != std::string::npos; end = stream.find(kMessageEnd, begin)) {
        end += kMessageEnd.size();
        std::string message = stream.substr(begin, end - begin);
        if (filters.pass(message)) out.push_back(std::move(message));
        begin = end;
    }
    return out;
}

}  // namespace citybridge::bench
