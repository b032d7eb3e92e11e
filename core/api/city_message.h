#pragma once
// A message from one city's node to another's as it lies on the wire, whatever
// link carries it: one line of JSON. Pure; shared by the city links.
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/records.h"
#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge {

inline constexpr std::size_t kMostCityMessageBytes = 1U << 20U;

// {"id", "kind", "from", "to", "at", "data"} without a line break; "at" is when the message was made, the same at
// every attempt. Error "city.bad_message": nothing that a far node would take; it is not worth another attempt.
Result<std::string> city_line(const OutboxRecord& message, std::string_view from, std::string_view to);

// The message in such a line. `from`: the city as the link authenticated it; `to`: this city. Its source is
// "city:<from>". Error codes: "city.bad_message", and "city.wrong_city": the line names another sender or receiver.
Result<InboundMessage> read_city_line(std::string_view line, std::string_view from, std::string_view to);

// What a far node said of a message: it has it durably, not now, or never.
enum class CityAnswer { received, not_now, refused };
std::string_view to_string(CityAnswer value);
// What Host::take said of it.
CityAnswer city_answer(const Result<>& taken);
// As a delivery: "city.not_now" and "city.refused" are the codes if the far node gave none.
DeliveryReply city_reply(CityAnswer answer, std::string code, std::string detail);

struct CityVerdict {
    std::string id;
    CityAnswer answer = CityAnswer::not_now;
    std::string code;
    std::string detail;
};
// {"results": [{"id", "result", "code", "detail"}]}, and back; error "city.bad_message".
std::string city_verdicts_text(const std::vector<CityVerdict>& verdicts);
Result<std::vector<CityVerdict>> read_city_verdicts(std::string_view text);

// Waits between attempts: seconds, then a minute during the first day, then five: a message must outlive a line that
// is cut for days, and be there soon after.
std::vector<Millis> city_schedule(std::chrono::days give_up_after);

// What a city may be called, as it stands in names of destinations, subjects and files: a letter, then letters,
// digits, "_" and "-", in lower case, at most 64.
bool is_city_name(std::string_view text);

}  // namespace citybridge
