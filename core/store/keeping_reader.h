#pragma once
// Orders that the node looks after by itself, in pages by id. Any thread; errors "store.*".
#include "core/store/reader.h"

namespace citybridge::store {

// Open orders of a kind on another version of its flow, behind `after`.
struct OtherVersion {
    OrderRecord order;
    std::string opener;  // actor of its first history row
};
Result<std::vector<OtherVersion>> on_other_version(Readers& readers, const std::string& kind, std::int64_t version,
                                                   const std::string& after, std::size_t limit);

// A page of `scanned` orders behind `after`, and those of it that lack something.
struct Lacking {
    std::vector<std::string> orders;
    std::string last;  // empty: there was none left
};
Result<Lacking> open_without_deadline(Readers& readers, const std::string& after, std::size_t scanned);
Result<Lacking> without_search_words(Readers& readers, const std::string& after, std::size_t scanned);

// Texts of these orders' histories that are not empty.
Result<std::vector<HistoryRecord>> texts_of(Readers& readers, const std::vector<std::string>& orders);

// What was told to a person, or to everybody of his role or groups; the newest first, behind (`before_at`,
// `before_id`).
struct TellingQuery {
    std::string user, role;
    std::vector<std::string> groups;
    bool waiting = true;  // only what waits for an acknowledgement; else what was not, too
    std::optional<WallTime> before_at;
    std::string before_id;
    std::size_t limit = 50;
};
Result<std::vector<TellingRecord>> tellings_to(Readers& readers, const TellingQuery& asked);
Result<std::vector<OrderRecord>> orders_by_id(Readers& readers, const std::vector<std::string>& ids);

// A setting of the node itself, as Store::meta().
Result<std::string> meta_of(Readers& readers, const std::string& name);

}  // namespace citybridge::store
