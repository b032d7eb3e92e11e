#pragma once
// Whether the other cities can be reached: now and then a message that leaves
// no row anywhere is carried over each link, and its answer is the sign of
// life. At most one is under way per city, so that a line that is down for days
// finds one when it is back.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/api/capabilities.h"
#include "core/api/city_line.h"
#include "core/desk/cities.h"

namespace citybridge {

// What the far node's strand answers without writing anything.
inline constexpr const char* kCityPulse = "city_pulse";
// What answered_text() says, in the store.
inline constexpr const char* kCitiesAnsweredMeta = "cities_answered";

class CityPulse {
public:
    // `generation`: of this process; it is in the messages' ids.
    CityPulse(const desk::CitySet& cities, std::string own_city, std::string generation);

    // Before the first beat: who carries messages of this destination.
    void add(const std::string& destination, OutboundConnector* connector);
    // The durable strand's, often; sends what is due.
    void beat(Now now);

    // Any thread.
    CityLines lines(MonoTime now) const;

    // When each city's node answered last, for the store: what the next process, and whoever looks at the store while
    // none runs, knows of it. Empty: none has ever answered.
    std::string answered_text() const;
    // Before the first beat.
    void remember(const std::string& answered_text);
    static std::map<std::string, WallTime> answered_from(const std::string& text);  // by city

private:
    struct Line {
        std::string city;
        OutboundConnector* connector = nullptr;
        MonoTime next{};
        MonoTime heard{};  // guarded by mutex: when it answered last; at first: when it was first asked
        std::optional<WallTime> answered_at;  // guarded by mutex
        bool answered = false;                // guarded by mutex: the last question
        bool waiting = false;                 // guarded by mutex
        std::uint64_t n = 0;
    };
    // Answers come as long as connectors live, which may be longer than this.
    struct Shared {
        std::mutex mutex;
        std::map<std::string, Line> lines;  // by destination; never erased
    };
    void ask(const std::string& destination, Line& line, Now now);

    const Millis every_;
    const std::string own_;
    const std::string generation_;
    const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace citybridge
