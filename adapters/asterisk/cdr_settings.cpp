#include "adapters/asterisk/cdr_settings.h"

#include "adapters/asterisk/cdr_calls.h"
#include "core/api/text.h"

namespace citybridge::asterisk {
namespace {

std::optional<WallTime> end_of(std::string_view line, const LocalTime& zone) {
    const auto row = parse_cdr(line, zone);
    return row ? std::optional(row->end) : std::nullopt;
}

std::optional<WallTime> written(std::string_view line) {
    const auto row = parse_queue_log(line);
    return row ? std::optional(row->at) : std::nullopt;
}

}  // namespace

void check_records(const Config& config, const RawSettings& raw, Problems& problems) {
    if (LocalTime::in(config.cdr_time_zone)) return;
    Position where = raw.where;
    for (const RawSetting& setting : raw.settings)
        if (setting.name == "cdr_time_zone") where = setting.where;
    problems.push_back({where, "cdr_time_zone \"" + config.cdr_time_zone +
                                   "\" is no time zone; write one such as Asia/Shanghai or UTC"});
}

PastCallsSettings past_calls_settings(const Config& config) {
    PastCallsSettings out;
    out.delay = Millis(config.records_delay_ms);
    out.again = Millis(config.records_again_ms);
    const LocalTime zone = *LocalTime::in(config.cdr_time_zone);
    const bool with_cdr = !config.cdr_file.empty(), with_log = !config.queue_log_file.empty();
    if (with_cdr) out.files.push_back({config.cdr_file, [zone](std::string_view line) { return end_of(line, zone); }});
    if (with_log) out.files.push_back({config.queue_log_file, written});
    out.find = [zone, with_cdr, with_log, charset = config.legacy_charset](
                   const std::vector<std::string>& texts, const Outage& outage, const Outages& known, bool last) {
        ParsedRows<CdrRow> cdr;
        ParsedRows<QueueLogRow> log;
        if (with_cdr) cdr = parse_cdr_text(texts.front(), zone);
        if (with_log) log = parse_queue_log_text(texts.back());
        // A call whose CDR is still to come is told of when it is there, or at last without it.
        FoundCalls found{calls_of(cdr.rows, log.rows, outage, known, with_cdr && !last), cdr.bad + log.bad,
                         cdr.bad > 0 ? cdr.example : log.example};
        for (PbxSignal& signal : found.signals) {
            auto& past = std::get<signal::PastCall>(signal.body);
            past.name = to_utf8(past.name, charset);
        }
        return found;
    };
    return out;
}

}  // namespace citybridge::asterisk
