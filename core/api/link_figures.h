#pragma once
// What a link between cities refused, by the city it seemed to come from and by
// reason. The connector of a city's destination may tell it: the node asks each
// by dynamic_cast, and shows what it hears at /metrics.
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/refusals.h"

namespace citybridge {

struct LinkRefusal {
    std::string city;          // as far as the link knows; empty: somebody who could show no city's certificate
    std::string reason;        // stable word: "wrong_certificate", "wrong_city", ...
    std::uint64_t number = 0;  // since the start
};

class LinkFigures {
public:
    // Any thread. Each refusal is told by one destination of the link.
    virtual std::vector<LinkRefusal> refused() const = 0;

protected:
    ~LinkFigures() = default;
};

// Refusals with the city they are of. Codes are "<link>.<reason>". Any thread.
class CityRefusals : public Refusals {
public:
    using Refusals::Refusals;

    void count_of(std::string_view city, std::string_view code, const std::string& text) {
        {
            const std::lock_guard lock(mutex_);
            ++by_city_[{std::string(city), std::string(code.substr(code.find('.') + 1))}];
        }
        count(code, text);
    }
    std::vector<LinkRefusal> of(std::string_view city, bool also_of_strangers) const {
        std::vector<LinkRefusal> out;
        const std::lock_guard lock(mutex_);
        for (const auto& [what, number] : by_city_)
            if (what.first == city || (also_of_strangers && what.first.empty()))
                out.push_back({what.first, what.second, number});
        return out;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> by_city_;  // guarded by mutex_
};

}  // namespace citybridge
