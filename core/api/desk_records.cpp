#include "core/api/desk_records.h"

#include <array>
#include <utility>

namespace citybridge {
namespace {

constexpr std::array<std::pair<EntryState, std::string_view>, 4> kStates{{{EntryState::waiting, "waiting"},
                                                                          {EntryState::taken, "taken"},
                                                                          {EntryState::done, "done"},
                                                                          {EntryState::skipped, "skipped"}}};
constexpr std::array<std::pair<EntryResult, std::string_view>, 6> kResults{{{EntryResult::none, ""},
                                                                            {EntryResult::success, "success"},
                                                                            {EntryResult::complaint, "complaint"},
                                                                            {EntryResult::unreachable, "unreachable"},
                                                                            {EntryResult::wrong_number, "wrong_number"},
                                                                            {EntryResult::follow_up, "follow_up"}}};

template <class Words, class Enum>
std::string_view word_of(const Words& words, Enum value) {
    for (const auto& [each, word] : words)
        if (each == value) return word;
    return words[0].second;
}

template <class Enum, std::size_t n>
std::optional<Enum> of_word(const std::array<std::pair<Enum, std::string_view>, n>& words, std::string_view word) {
    for (const auto& [value, each] : words)
        if (each == word) return value;
    return std::nullopt;
}

nlohmann::ordered_json text(std::string_view value) {
    return value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
}

}  // namespace

std::string_view to_string(EntryState value) { return word_of(kStates, value); }
std::string_view to_string(EntryResult value) { return word_of(kResults, value); }
std::optional<EntryState> entry_state_from(std::string_view word) { return of_word(kStates, word); }
std::optional<EntryResult> entry_result_from(std::string_view word) { return of_word(kResults, word); }

nlohmann::ordered_json to_json(const AttachmentRecord& attachment) {
    return {{"id", attachment.id},
            {"order", attachment.order},
            {"name", attachment.name},
            {"media_type", attachment.media_type},
            {"size", attachment.size},
            {"sha256", attachment.sha256},
            {"added_by", attachment.added_by},
            {"added_at", to_rfc3339(attachment.added_at)}};
}

nlohmann::ordered_json to_json(const CustomerMergeRecord& merge) {
    return {{"from", merge.from},
            {"into", merge.into},
            {"by", merge.by},
            {"at", to_rfc3339(merge.at)},
            {"before", merge.before}};
}

nlohmann::ordered_json to_json(const OutgoingListRecord& list) {
    return {{"id", list.id},
            {"kind", list.kind},
            {"name", list.name},
            {"group", text(list.group)},
            {"from", to_rfc3339(list.from)},
            {"until", to_rfc3339(list.until)},
            {"last_day", to_rfc3339(list.last_day)},
            {"created_by", list.created_by},
            {"created_at", to_rfc3339(list.created_at)},
            {"closed_at",
             list.closed_at ? nlohmann::ordered_json(to_rfc3339(*list.closed_at)) : nlohmann::ordered_json(nullptr)},
            {"revision", list.revision}};
}

nlohmann::ordered_json to_json(const OutgoingEntryRecord& entry) {
    return {{"id", entry.id},
            {"list", entry.list},
            {"line", entry.line},
            {"number", text(entry.number)},
            {"name", text(entry.name)},
            {"customer", text(entry.customer)},
            {"order", text(entry.order)},
            {"note", text(entry.note)},
            {"state", to_string(entry.state)},
            {"result", text(to_string(entry.result))},
            {"tries", entry.tries},
            {"taken_by", text(entry.taken_by)},
            {"next_at", to_rfc3339(entry.next_at)},
            {"remark", text(entry.remark)},
            {"updated_at", to_rfc3339(entry.updated_at)},
            {"revision", entry.revision}};
}

}  // namespace citybridge
