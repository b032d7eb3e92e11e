#include "core/desk/calendars.h"

#include <algorithm>
#include <tuple>

#include "core/api/records_json.h"

namespace citybridge::desk {
namespace {

// From the switch on until its own end or the next one.
struct Stretch {
    const CalendarOverrideRecord* row = nullptr;
    WallTime from{};
    WallTime to{};
};

std::vector<Stretch> stretches(const std::vector<CalendarOverrideRecord>& switches, const std::string& name) {
    std::vector<Stretch> out;
    for (const CalendarOverrideRecord& row : switches) {
        if (row.calendar != name) continue;
        if (!out.empty()) out.back().to = std::min(out.back().to, row.set_at);
        out.push_back({&row, row.set_at, row.until_at.value_or(row.set_at)});
    }
    return out;
}

// FNV-1a, because std::hash promises nothing over processes.
class Hash {
public:
    Hash& add(std::string_view text) {
        for (const char c : text) byte(static_cast<unsigned char>(c));
        byte(0);
        return *this;
    }
    Hash& add(std::int64_t number) { return add(std::to_string(number)); }
    Hash& add(const Hours& hours) {
        for (const Interval& each : hours) add(each.from).add(each.to);
        return add("|");
    }
    Hash& add(const Week& week) {
        for (const Hours& hours : week) add(hours);
        return *this;
    }
    Hash& add(LocalDay day) { return add(std::int64_t{day.time_since_epoch().count()}); }
    std::uint64_t value() const { return value_; }

private:
    void byte(unsigned char c) { value_ = (value_ ^ c) * 1'099'511'628'211ULL; }
    std::uint64_t value_ = 14'695'981'039'346'656'037ULL;
};

void add(Hash& hash, const CalendarDoc& doc) {
    hash.add(doc.zone).add(doc.week);
    for (const Period& period : doc.periods) {
        hash.add("period").add(period.from).add(period.to).add(period.own_hours ? 1 : 0);
        if (period.own_hours) hash.add(period.week);
    }
    for (const auto& [day, hours] : doc.days) hash.add("day").add(day).add(hours);
    for (const auto& [day, as] : doc.worked_as) hash.add("as").add(day).add(std::int64_t{as});
    for (const Closing& closing : doc.closings) hash.add("closing").add(closing.day).add(Hours{closing.hours});
    for (const Forced& forced : doc.forced)
        hash.add("forced").add(epoch_ms(forced.from)).add(epoch_ms(forced.to)).add(forced.open ? 1 : 0);
    if (doc.until) hash.add("until").add(*doc.until);
}

}  // namespace

Calendars::Calendars() : Calendars(Calendar()) {}

Calendars::Calendars(Calendar city) : Calendars("city", {{"city", std::move(city)}}) {}

Calendars::Calendars(std::string city, std::map<std::string, Calendar> all) : city_(std::move(city)) {
    for (auto& each : all) all_[each.first] = std::make_shared<const Calendar>(std::move(each.second));
    cities_ = all_.at(city_);
}

const Calendar* Calendars::find(const std::string& name) const {
    if (name.empty()) return cities_.get();
    const auto it = all_.find(name);
    return it == all_.end() ? nullptr : it->second.get();
}

std::vector<std::string> Calendars::names() const {
    std::vector<std::string> out;
    for (const auto& [name, calendar] : all_) out.push_back(name);
    return out;
}

Calendars Calendars::switched(std::vector<CalendarOverrideRecord> switches) const {
    Calendars out = *this;
    out.switches_ = std::move(switches);
    std::sort(out.switches_.begin(), out.switches_.end(),
              [](const auto& a, const auto& b) { return std::tie(a.set_at, a.id) < std::tie(b.set_at, b.id); });
    for (auto& [name, calendar] : out.all_) {
        std::vector<Forced> forced;
        for (const Stretch& each : stretches(out.switches_, name))
            if (each.row->mode != "clock" && each.from < each.to)
                forced.push_back({each.from, each.to, each.row->mode == "open"});
        const auto same = [](const Forced& a, const Forced& b) {
            return a.from == b.from && a.to == b.to && a.open == b.open;
        };
        const auto& before = calendar->doc().forced;
        if (std::equal(before.begin(), before.end(), forced.begin(), forced.end(), same)) continue;
        CalendarDoc doc = calendar->doc();
        doc.forced = std::move(forced);
        calendar = std::make_shared<const Calendar>(std::move(doc));
    }
    out.cities_ = out.all_.at(out.city_);
    return out;
}

const CalendarOverrideRecord* Calendars::switch_at(const std::string& name, WallTime time) const {
    for (const Stretch& each : stretches(switches_, name.empty() ? city_ : name))
        if (each.row->mode != "clock" && each.from <= time && time < each.to) return each.row;
    return nullptr;
}

std::string Calendars::fingerprint() const {
    Hash hash;
    hash.add(city_);
    for (const auto& [name, calendar] : all_) {
        hash.add(name);
        add(hash, calendar->doc());
    }
    return std::to_string(hash.value());
}

}  // namespace citybridge::desk
