#include "tests/wire/freeswitch_calls/retold.h"

#include <algorithm>
#include <cstdlib>

#include "adapters/freeswitch/event.h"
#include "adapters/freeswitch/framer.h"
#include "adapters/freeswitch/translate.h"
#include "tests/wire/capture_file.h"

namespace citybridge::freeswitch {
namespace {

// "# epoch 1795289687.64" begins NAME.idx.
double epoch_of(const std::string& name) {
    constexpr std::string_view kEpoch = "# epoch ";
    const auto times = capture_times("freeswitch/" + name + ".esl").value();
    const std::size_t at = times.find(kEpoch);
    return at == std::string::npos ? 0 : std::strtod(times.c_str() + at + kEpoch.size(), nullptr);
}

void keep_contact(Retold& retold, const ContactChanged& change) {
    const auto known = std::find_if(retold.contacts.begin(), retold.contacts.end(),
                                    [&](const ContactPtr& each) { return each->id == change.contact->id; });
    if (known != retold.contacts.end())
        *known = change.contact;
    else
        retold.contacts.push_back(change.contact);
    if (change.what == ContactChanged::What::merged) retold.merged.push_back(change.contact->id);
}

}  // namespace

std::vector<PbxSignal> signals_of(const std::string& name) {
    Translator translator({});
    Framer framer;
    const std::string bytes = capture("freeswitch/" + name + ".esl");
    framer.feed(bytes);
    freeswitch::Event event;
    std::vector<PbxSignal> signals;
    while (true) {
        const auto frame = framer.next();
        if (!frame || *frame == nullptr) break;
        if (!(*frame)->is_event()) continue;
        if (!event.read(**frame)) break;
        translator.translate(event, WallTime{}, signals);
    }
    return signals;
}

Retold retell(const std::string& name) {
    Retold retold;
    retold.begin = epoch_of(name);
    calls::CallBook book({.city = "beijing", .pbx = "fs1"});
    std::vector<citybridge::Event> told;
    book.apply({WallTime{}, {}, {}, signal::LinkUp{"run"}}, {}, told);
    book.apply({WallTime{}, {}, {}, signal::Snapshot{}}, {}, told);
    for (const PbxSignal& each : signals_of(name)) book.apply(each, {each.at, {}}, told);
    for (const citybridge::Event& each : told) {
        if (const auto* change = std::get_if<ContactChanged>(&each)) keep_contact(retold, *change);
        const auto* offer = std::get_if<OfferChanged>(&each);
        if (offer != nullptr && offer->what == OfferChanged::What::shown) ++retold.pops;
    }
    retold.agents = book.agents();
    retold.open = book.contacts();
    return retold;
}

}  // namespace citybridge::freeswitch
