// Days on which agents hand calls on: what the call book concludes from the
// signals against what happened.
#include <gmock/gmock.h>

#include <map>

#include "core/calls/call_book.h"
#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

std::map<std::string, ContactPtr> ended_contacts(SimulatedPbx& pbx, Millis length) {
    calls::CallBook book({.city = "beijing", .pbx = "sim"});
    std::map<std::string, ContactPtr> ended;  // by each of its channels
    const auto take = [&](const std::vector<Event>& events) {
        for (const Event& event : events) {
            const auto* change = std::get_if<ContactChanged>(&event);
            if (change == nullptr || change->what != ContactChanged::What::ended) continue;
            for (const Leg& leg : change->contact->legs)
                for (const std::string& id : leg.pbx_ids) ended[id] = change->contact;
        }
    };
    const auto apply = [&](const PbxSignal& signal) {
        std::vector<Event> out;
        book.apply(signal, {signal.at, MonoTime{signal.at.time_since_epoch()}}, out);
        take(out);
    };
    pbx.start(kStart);
    apply({kStart, {}, {}, signal::LinkUp{pbx.pbx_start()}});
    apply({kStart, {}, {}, pbx.snapshot(kStart)});
    pbx.advance(kStart);
    for (Millis at{500}; at <= length; at += Millis{500}) {
        for (const PbxSignal& signal : pbx.advance(kStart + at)) apply(signal);
        std::vector<Event> out;
        book.tick({kStart + at, MonoTime{(kStart + at).time_since_epoch()}}, out);
        take(out);
    }
    return ended;
}

// Consultations that came to nothing are no transfers; who was given away was, also if nobody took him.
std::string transfers_of(const Contact& contact) {
    std::string out;
    for (const Transfer& transfer : contact.transfers) {
        if (transfer.kind == TransferKind::attended && transfer.result != TransferResult::completed) continue;
        out.append(to_string(transfer.kind)).append(" ").append(transfer.from_agent);
        out.append(" ").append(transfer.to).append("; ");
    }
    return out;
}

std::string transfers_of(const TruthCall& truth) {
    std::string out;
    for (const TruthTransfer& transfer : truth.transfers)
        out.append(to_string(transfer.kind)).append(" ").append(transfer.from_agent).append(" ").append(transfer.to) +=
            "; ";
    return out;
}

std::vector<std::string> differences(const TruthCall& truth, const Contact& contact) {
    std::vector<std::string> out;
    const auto compare = [&](const char* what, bool same) {
        if (!same) out.push_back(truth.first_channel + ": " + what + " (" + transfers_of(truth) + ")");
    };
    compare("outcome", contact.outcome == truth.outcome);
    compare("ended_by", contact.ended_by == truth.ended_by);
    compare("answered_at", contact.answered_at == truth.answered_at);
    compare("ended_at", contact.ended_at == truth.ended_at);
    compare("hold", contact.hold == truth.hold());
    if (contact.talk != truth.talk)
        out.push_back(truth.first_channel + ": talk " + std::to_string(contact.talk.count()) + ", was " +
                      std::to_string(truth.talk.count()) + " (" + transfers_of(truth) + ")");
    if (transfers_of(contact) != transfers_of(truth))
        out.push_back(truth.first_channel + ": transfers " + transfers_of(contact) + ", were " + transfers_of(truth));
    std::vector<std::string> in_vain;
    for (const Transfer& transfer : contact.transfers)
        if (transfer.kind == TransferKind::attended && transfer.result != TransferResult::completed)
            in_vain.emplace_back(to_string(transfer.reason));
    compare("why consultations came to nothing", in_vain == truth.in_vain);
    std::string offered;
    std::string rang;
    for (const Offer& offer : contact.offers) offered += offer.agent + ' ';
    for (const TruthOffer& offer : truth.offers) rang += offer.agent + ' ';
    if (offered != rang)
        out.push_back(truth.first_channel + ": offers " + offered + ", were " + rang + " (" + transfers_of(truth) +
                      ")");
    return out;
}

std::vector<std::string> mistakes_of(const Config& config) {
    SimulatedPbx pbx(config);
    const auto ended = ended_contacts(pbx, Millis{1'800'000});
    std::vector<std::string> out;
    for (const TruthCall& truth : pbx.truth()) {
        if (!truth.contact) continue;
        const auto contact = ended.find(truth.first_channel);
        if (contact == ended.end()) {
            out.push_back(truth.first_channel + ": missing (" + transfers_of(truth) + ")");
        } else {
            const auto found = differences(truth, *contact->second);
            out.insert(out.end(), found.begin(), found.end());
        }
    }
    return out;
}

TEST(SimulatorTruth, ContactsAreToldRightThroughBlindTransfers) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Config config = busy_config(seed);
        config.transfer_percent = 40;
        EXPECT_THAT(mistakes_of(config), testing::IsEmpty()) << "seed " << seed;
    }
}

TEST(SimulatorTruth, ContactsAreToldRightThroughConsultations) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Config config = busy_config(seed);
        config.consult_percent = 40;
        EXPECT_THAT(mistakes_of(config), testing::IsEmpty()) << "seed " << seed;
    }
}

TEST(SimulatorTruth, ContactsAreToldRightThroughParking) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Config config = busy_config(seed);
        config.park_percent = 40;
        EXPECT_THAT(mistakes_of(config), testing::IsEmpty()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace citybridge::simulator::test
