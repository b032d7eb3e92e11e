#include "adapters/asterisk/cdr_file.h"

#include "adapters/asterisk/queue_log_file.h"
#include "core/api/csv.h"

namespace citybridge::asterisk {
namespace {

// accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,
// amaflags, then uniqueid,userfield as cdr.conf says, then peeraccount,linkedid,sequence with newcdrcolumns.
enum Column : std::size_t {
    src = 1,
    dst = 2,
    clid = 4,
    channel = 5,
    dst_channel = 6,
    last_app = 7,
    last_data = 8,
    start = 9,
    answer = 10,
    end = 11,
    disposition = 14,
    unique_id = 16,
};
constexpr std::size_t kLeastColumns = 17;
constexpr std::size_t kNewColumns = 3;
constexpr std::size_t kMost = 18 + kNewColumns;

// "\"Zhang Wei\" <1001>" is Zhang Wei; "<1001>" and "1001" have no name.
std::string name_of(std::string_view clid) {
    const std::size_t angle = clid.rfind('<');
    if (angle == std::string_view::npos) return {};
    std::string_view name = clid.substr(0, angle);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return std::string(name);
}

}  // namespace

std::optional<CdrRow> parse_cdr(std::string_view line, const LocalTime& zone) {
    const auto fields = split_csv(line);
    if (!fields || fields->size() < kLeastColumns || fields->size() > kMost) return std::nullopt;
    const auto& f = *fields;
    const auto started = zone.parse(f[start]), ended = zone.parse(f[end]);
    if (!started || !ended || *ended < *started || f[unique_id].empty() || f[channel].empty()) return std::nullopt;
    CdrRow row;
    row.number = f[src];
    row.name = name_of(f[clid]);
    row.dialled = f[dst];
    row.channel = f[channel];
    row.dst_channel = f[dst_channel];
    row.application = f[last_app];
    row.application_data = f[last_data];
    row.start = *started;
    row.answer = zone.parse(f[answer]);
    row.end = *ended;
    row.disposition = f[disposition];
    row.unique_id = f[unique_id];
    if (f.size() >= kLeastColumns + kNewColumns) row.linked_id = f[f.size() - 2];
    return row;
}

ParsedRows<CdrRow> parse_cdr_text(std::string_view text, const LocalTime& zone) {
    return parse_lines<CdrRow>(text, [&](std::string_view line) { return parse_cdr(line, zone); });
}

}  // namespace citybridge::asterisk
