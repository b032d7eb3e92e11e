#include "adapters/freeswitch/cdr_settings.h"

#include "adapters/freeswitch/cdr_calls.h"
#include "core/api/text.h"

namespace citybridge::freeswitch {
void check_records(const Config& config, const RawSettings& raw, Problems& problems) {
    if (!LocalTime::in(config.cdr_time_zone))
        problems.push_back({place_of(raw, "cdr_time_zone"), "cdr_time_zone \"" + config.cdr_time_zone +
                                                                "\" is no time zone; write one such as Asia/Shanghai "
                                                                "or UTC"});
    if (const auto columns = CdrColumns::of(config.cdr_columns); !config.cdr_file.empty() && !columns)
        problems.push_back({place_of(raw, "cdr_columns"), columns.error().detail});
}

PastCallsSettings past_calls_settings(const Config& config) {
    PastCallsSettings out;
    if (config.cdr_file.empty()) return out;
    out.delay = Millis(config.records_delay_ms);
    out.again = Millis(config.records_again_ms);
    const LocalTime zone = *LocalTime::in(config.cdr_time_zone);
    const CdrColumns columns = *CdrColumns::of(config.cdr_columns);
    const auto end_of = [zone, columns](std::string_view line) {
        const auto row = columns.parse(line, zone);
        return row ? std::optional(row->end) : std::nullopt;
    };
    out.files.push_back({config.cdr_file, end_of});
    out.find = [zone, columns, charset = config.legacy_charset](const std::vector<std::string>& texts,
                                                                const Outage& outage, const Outages& known, bool) {
        ParsedCdr cdr = parse_cdr_text(texts.front(), columns, zone);
        FoundCalls found{calls_of(cdr.rows, outage, known), cdr.bad, std::move(cdr.example)};
        for (PbxSignal& signal : found.signals) {
            auto& past = std::get<signal::PastCall>(signal.body);
            past.name = to_utf8(past.name, charset);
        }
        return found;
    };
    return out;
}

}  // namespace citybridge::freeswitch
