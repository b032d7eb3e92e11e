#include "plugins/erp_rest/settings.h"

#include <openssl/evp.h>

#include <algorithm>

#include "core/api/setting_rows.h"
#include "plugins/erp_rest/settings_table.h"

namespace citybridge::erp_rest {
namespace {

// Collects problems at the place of the setting each is about.
class Judge : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    PathTemplate path(std::string_view name, const std::string& text) {
        auto parsed = PathTemplate::parse(text);
        if (parsed) return std::move(*parsed);
        wrong(name, parsed.error().detail);
        return {};
    }
    Pointer pointer(std::string_view name, const std::string& text) {
        try {
            return Pointer(text);
        } catch (const nlohmann::json::exception&) {
            wrong(name, "is no JSON pointer; write it as in /data/0/id");
            return Pointer();
        }
    }
    void header_name(std::string_view name, const std::string& text) {
        const auto allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        };
        if (!std::all_of(text.begin(), text.end(), allowed))
            wrong(name, "is no name of a header: letters, digits, - and _ only");
    }
    std::vector<StatusRange> statuses(std::string_view name, const std::vector<std::string>& words) {
        std::vector<StatusRange> out;
        for (const std::string& word : words) {
            if (const auto range = parse_status(word))
                out.push_back(*range);
            else
                wrong(name, "has \"" + word + "\"; write statuses from 200 to 599, or 2xx, 3xx, 4xx, 5xx");
        }
        return out;
    }
};

std::string base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');  // and the NUL that OpenSSL writes
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

bool is_one_line(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

HttpHeaders authentication(const Written& given, Judge& judge) {
    if (given.auth == "none") {
        if (!given.secret.empty()) judge.wrong("auth", "is none, but there is a secret; say basic, bearer or header");
        return {};
    }
    if (given.secret.empty()) judge.wrong("secret", "is needed with auth=" + given.auth);
    if (!is_one_line(given.secret)) judge.wrong("secret", "must not hold a line break or control character");
    if (given.auth == "bearer") return {{"Authorization", "Bearer " + given.secret}};
    if (given.auth == "header") {
        judge.header_name("auth_header", given.auth_header);
        if (given.auth_header.empty()) judge.wrong("auth_header", "is needed with auth=header");
        return {{given.auth_header, given.secret}};
    }
    if (given.user.empty()) judge.wrong("user", "is needed with auth=basic");
    if (given.user.find(':') != std::string::npos) judge.wrong("user", "must not hold a colon");
    return {{"Authorization", "Basic " + base64(given.user + ':' + given.secret)}};
}

Target read_target(const Written& given, Judge& judge) {
    Target out;
    out.base = given.url;
    while (out.base.ends_with('/')) out.base.pop_back();
    if (given.url.find_first_of("?#") != std::string::npos) judge.wrong("url", "must not hold ? or #");
    out.routes = {
        {"open_order", given.open_order_method, judge.path("open_order_path", given.open_order_path)},
        {"append_note", given.append_note_method, judge.path("append_note_path", given.append_note_path)},
        {"", given.other_method, judge.path("other_path", given.other_path)},
    };
    if (!given.find_path.empty()) out.find_path = judge.path("find_path", given.find_path);
    if (given.repeats == "findable" && given.find_path.empty())
        judge.wrong("find_path", "is needed with repeats=findable, as in /orders?citybridge_id={id}");
    out.headers = authentication(given, judge);
    judge.header_name("key_header", given.key_header);
    out.key_header = given.key_header;
    out.key_field = given.key_field;
    if (given.repeats == "dedupes" && given.key_header.empty() && given.key_field.empty())
        judge.wrong("repeats", "is dedupes, but neither key_header nor key_field carries our key");
    out.connect_timeout = Millis(given.connect_timeout_ms);
    out.timeout = Millis(given.timeout_ms);
    out.ca_file = given.ca_file;
    return out;
}

DeliveryTraits read_traits(const Written& given, Judge& judge) {
    DeliveryTraits out;
    out.repeats = Repeats::neither;
    if (given.repeats == "dedupes") out.repeats = Repeats::dedupes;
    if (given.repeats == "findable") out.repeats = Repeats::findable;
    out.far_timeout = Millis(given.far_timeout_ms);
    out.connections = static_cast<std::size_t>(given.connections);
    out.jitter = static_cast<double>(given.jitter_percent) / 100.0;
    out.events = given.events;
    out.schedule = judge.schedule("retry_schedule", given.retry_schedule);
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe("Writes work orders and notes to an ERP that takes JSON over HTTP.", settings_table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const Written given = parse_settings(settings_table(), raw, problems);
    if (problems.size() != before) return {};
    Judge judge(raw, problems);
    Config out;
    out.target = read_target(given, judge);
    out.traits = read_traits(given, judge);
    out.statuses.success = judge.statuses("success_statuses", given.success_statuses);
    out.statuses.refused = judge.statuses("refused_statuses", given.refused_statuses);
    if (out.statuses.success.empty()) judge.wrong("success_statuses", "must name at least one status");
    out.statuses.longest_retry_after = Millis(given.longest_retry_after_ms);
    out.id = judge.pointer("id_pointer", given.id_pointer);
    out.find.id = judge.pointer("find_id_pointer", given.find_id_pointer);
    out.find.check_key = !given.find_key_pointer.empty();
    out.find.key = judge.pointer("find_key_pointer", given.find_key_pointer);
    out.find.absent_by_404 = given.find_absent == "status_404";
    return out;
}

}  // namespace citybridge::erp_rest
