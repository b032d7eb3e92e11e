#pragma once
// Idempotency-Key (IETF draft "The Idempotency-Key HTTP Header Field"): the
// same request, repeated because its answer got lost, gets the first answer
// again and has no second effect. In memory, bounded. Thread-safe.
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/api/time.h"
#include "core/gateway/http_types.h"

namespace citybridge::gateway {

struct IdempotencyLimits {
    std::size_t entries = 10'000;
    Millis keep{24 * 3'600'000};
};

class IdempotencyJournal {
public:
    explicit IdempotencyJournal(IdempotencyLimits limits = {}) : limits_(limits) {}

    enum class Verdict {
        first,      // go on; finish() or forget() must follow
        replay,     // `answer` holds the first answer
        mismatch,   // the key was used for another request
        in_flight,  // the first one is still running
    };
    static bool is_valid_key(std::string_view key);  // 1 to 128 visible ASCII characters
    Verdict begin(const std::string& user, const std::string& key, const HttpRequest& request, MonoTime now,
                  HttpResponse& answer);
    void finish(const std::string& user, const std::string& key, const HttpResponse& answer);
    // The request had no effect and may be tried again with the same key.
    void forget(const std::string& user, const std::string& key);
    std::size_t size() const;

private:
    using Name = std::pair<std::string, std::string>;
    struct Entry {
        std::string fingerprint;
        bool done = false;
        HttpResponse answer;
        MonoTime at{};
        std::list<Name>::iterator place;
    };
    void make_room(MonoTime now);

    const IdempotencyLimits limits_;
    mutable std::mutex mutex_;
    std::map<Name, Entry> entries_;
    std::list<Name> order_;  // oldest first
};

}  // namespace citybridge::gateway
