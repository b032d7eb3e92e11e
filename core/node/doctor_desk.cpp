#include "core/node/doctor_desk.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/api/records_json.h"
#include "core/node/attachment_files.h"
#include "core/node/durable_strand.h"
#include "core/store/desk_reader.h"
#include "core/store/keeping_reader.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;
using Weight = store::Finding::Weight;

constexpr std::size_t kPage = 500;
constexpr Millis kCitySilence{5 * 60'000};  // longer than a restart takes
constexpr std::size_t kNamed = 5;           // in one line

// "3: a, b, c", with a few of them.
struct Some {
    std::size_t count = 0;
    std::string names;

    void add(const std::string& name) {
        if (++count <= kNamed) names += (names.empty() ? "" : ", ") + name;
    }
    std::string text() const { return std::to_string(count) + ": " + names + (count > kNamed ? ", ..." : ""); }
};

bool reachable(const desk::Person& person) {
    return !person.office.empty() || !person.mobile.empty() || !person.email.empty() || !person.user.empty();
}

void unused_files(store::Readers& readers, const std::string& folder, std::vector<Ailment>& out) {
    std::error_code trouble;
    std::vector<std::string> names;
    Some unused;
    const auto now = fs::file_time_type::clock::now();
    const auto ask = [&] {
        const auto used = store::hashes_in_use(readers, names);
        if (!used) return names.clear();
        for (const std::string& name : names)
            if (std::find(used->begin(), used->end(), name) == used->end()) unused.add(name);
        names.clear();
    };
    for (auto it = fs::recursive_directory_iterator(folder, trouble);
         !trouble && it != fs::recursive_directory_iterator(); it.increment(trouble)) {
        std::error_code gone;
        // A younger one may belong to a row that is being committed; the node sweeps the others by itself.
        const bool old = now - fs::last_write_time(it->path(), gone) > 2 * AttachmentFiles::kGrace;
        if (gone || !old || !it->is_regular_file(gone)) continue;
        names.push_back(it->path().filename().string());
        if (names.size() == kPage) ask();
    }
    if (!names.empty()) ask();
    if (unused.count > 0)
        out.push_back({Weight::note, "attachment.unused", "files that no order has any more, " + unused.text(),
                       "nothing, if the node runs: it removes them; else start it"});
}

}  // namespace

void check_scripts(store::Readers& readers, std::vector<Ailment>& out) {
    const auto rows = store::all_of_kind(readers.papers(), "script");
    if (!rows) return out.push_back({Weight::error, rows.error().code, rows.error().detail, "read the sentence"});
    Some waiting, returned;
    for (const PaperRecord& row : *rows) {
        if (row.state == "retired" || !row.body.contains("next")) continue;
        (row.body["next"].contains("returned") ? returned : waiting).add(row.id);
    }
    if (waiting.count > 0)
        out.push_back({Weight::warning, "script.waiting", "words to say that agents do not see yet, " + waiting.text(),
                       "citybridge script list --waiting shows whose approval is missing"});
    if (returned.count > 0)
        out.push_back({Weight::note, "script.returned", "words to say that came back, " + returned.text(),
                       "citybridge script show ID says why; correct the flow's file and reload"});
}

void check_attachments(store::Readers& readers, const std::string& folder, std::vector<Ailment>& out) {
    Some missing, other;
    std::string after;
    for (;;) {
        const auto rows = store::attachments_after(readers, after, kPage);
        if (!rows) return out.push_back({Weight::error, rows.error().code, rows.error().detail, "read the sentence"});
        for (const AttachmentRecord& row : *rows) {
            after = row.id;
            std::error_code trouble;
            const auto size = fs::file_size(folder + "/" + row.sha256.substr(0, 2) + "/" + row.sha256, trouble);
            const std::string name = row.id + " of " + row.order;
            if (trouble)
                missing.add(name);
            else if (size != static_cast<std::uintmax_t>(row.size))
                other.add(name);
        }
        if (rows->size() < kPage) break;
    }
    const std::string advice = "put the folder " + folder + " back from a backup";
    if (missing.count > 0)
        out.push_back(
            {Weight::error, "attachment.missing", "files of attachments are not there, " + missing.text(), advice});
    if (other.count > 0)
        out.push_back(
            {Weight::error, "attachment.damaged", "files of attachments are of another size, " + other.text(), advice});
    unused_files(readers, folder, out);
}

void check_directory(const desk::Directory& directory, const std::vector<std::string>& users, desk::LocalDay today,
                     std::vector<Ailment>& out) {
    for (const desk::DirectoryEntry& entry : directory.all()) {
        const std::string where = "entry " + entry.name + (entry.city.empty() ? "" : " of " + entry.city);
        const bool served = std::any_of(entry.people.begin(), entry.people.end(),
                                        [&](const desk::Person& person) { return person.serves(today); });
        if (!served)
            out.push_back({Weight::warning, "directory.nobody", where + " of the directory has nobody today",
                           "put a deputy into " + entry.where.file});
        for (const desk::Person& person : entry.people) {
            if (person.serves(today) && !reachable(person))
                out.push_back({Weight::warning, "directory.unreachable",
                               person.name + " of " + where + " has no telephone, e-mail or user",
                               "add one in " + person.where.file});
            if (!person.user.empty() && std::find(users.begin(), users.end(), person.user) == users.end())
                out.push_back({Weight::warning, "directory.unknown_user",
                               person.name + " of " + where + " is user " + person.user + ", whom nobody knows",
                               "citybridge user add " + person.user + ", or correct " + person.where.file});
        }
    }
}

void check_cities(store::Readers& readers, const desk::CitySet& cities, std::vector<Ailment>& out) {
    const auto alive = store::meta_of(readers, kAliveAtMeta);
    const auto answered = store::meta_of(readers, kCitiesAnsweredMeta);
    if (!alive || alive->empty() || !answered) return;  // who cannot read the store was told so; or it never ran
    const WallTime alive_at = from_epoch_ms(std::strtoll(alive->c_str(), nullptr, 10));
    const auto last = CityPulse::answered_from(*answered);
    for (const auto& [id, city] : cities.all) {
        const auto found = last.find(id);
        if (found != last.end() && alive_at - found->second <= kCitySilence) continue;
        const std::string when =
            found == last.end() ? "has never answered" : "answered last at " + to_rfc3339(found->second);
        out.push_back({Weight::warning, "city.silent",
                       "the node of " + id + ' ' + when + "; this one was last alive at " + to_rfc3339(alive_at),
                       "citybridge destinations shows why; is that node running, and the line to it there?"});
    }
}

void check_channels(const desk::FlowBook& book, std::vector<Ailment>& out) {
    std::map<std::string, std::set<std::string>> used;  // channel -> kinds
    for (const desk::Flow* flow : book.flows.all()) {
        const auto note = [&](const std::vector<std::string>& channels) {
            for (const std::string& channel : channels)
                if ((channel == "email" || channel == "sms") && !book.channels.contains(channel))
                    used[channel].insert(flow->kind);
        };
        for (const desk::TellDef& tell : flow->tells) note(tell.channels);
        for (const desk::EscalationDef& escalation : flow->escalations)
            for (const desk::EscalationStep& step : escalation.steps) note(step.channels);
    }
    for (const auto& [channel, kinds] : used) {
        Some some;
        for (const std::string& kind : kinds) some.add(kind);
        out.push_back({Weight::note, "channel.not_carried",
                       "flows that would tell by " + channel + " take their next channel, " + some.text(),
                       "name a plugin that carries it in <desk>, if people are to get it"});
    }
}

}  // namespace citybridge
