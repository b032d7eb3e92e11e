// From the greeting to the snapshot: what happens on a connection before it is of use.
#include <array>
#include <utility>

#include "adapters/freeswitch/session.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

// Subclasses come after CUSTOM only.
constexpr std::string_view kSubscription =
    "event plain CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE "
    "CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_PARK CHANNEL_UNPARK CHANNEL_UUID "
    "CHANNEL_EXECUTE RECORD_START RECORD_STOP API BACKGROUND_JOB HEARTBEAT SHUTDOWN CUSTOM callcenter::info "
    "conference::maintenance valet_parking::info citybridge::survey citybridge::digit";

constexpr std::array kFirstLists{Listing::channels, Listing::calls, Listing::agents, Listing::tiers, Listing::queues};

bool is_of_callcenter(Listing listing) { return listing != Listing::channels && listing != Listing::calls; }

}  // namespace

void Session::greeted(Now now) {
    phase_ = Phase::login;
    phase_deadline_.reset();
    if (settings_.user.empty()) return ask({.what = Asked::login}, "auth " + settings_.password, now);
    ask({.what = Asked::login}, "userauth " + settings_.user + ":" + settings_.password, now);
}

void Session::logged_in(const Frame& reply, Now now) {
    if (!reply.reply_ok())
        return fail("freeswitch.login_refused", "the PBX refused the login: " + std::string(reply.reply()) +
                                                    "; check the password in its event_socket.conf.xml");
    phase_ = Phase::subscribing;
    next_ping_ = now.mono + settings_.ping_interval;
    ask({.what = Asked::subscribe}, kSubscription, now);
}

void Session::handle_reply(const Frame& frame, Now now) {
    if (requests_.empty()) return;  // nothing was asked
    const Request request = std::move(requests_.front());
    requests_.pop_front();
    const std::string_view answer = frame.kind == Frame::Kind::api_response ? frame.body : frame.reply();
    switch (request.what) {
        case Asked::login: return logged_in(frame, now);
        case Asked::subscribe:
            if (!frame.reply_ok())
                return fail("freeswitch.subscription_refused",
                            "the PBX refused the subscription: " + std::string(answer));
            phase_ = Phase::settling;
            phase_deadline_ = now.mono + kTableLag;
            return;
        case Asked::core_uuid:
            pbx_start_ = is_uuid(answer.substr(0, answer.find('\n'))) ? std::string(answer.substr(0, answer.find('\n')))
                                                                      : std::string();
            return listed(request, {}, now);
        case Asked::list: return listed(request, answer, now);
        case Asked::job:
            if (!answer.starts_with("+OK")) dials_.refused(request.about);
            return;
        case Asked::exists: return dials_.on_exists(request.about, answer.starts_with("true"), now);
        case Asked::step:
        case Asked::background_step: return stepped(request, answer, now);
        case Asked::ping:
        case Asked::aside: return;
    }
}

void Session::start_snapshot(Now now) {
    phase_ = Phase::snapshot;
    builder_.emplace(translator_);
    lists_open_ = 1 + kFirstLists.size();
    ask({.what = Asked::core_uuid}, "api global_getvar core_uuid", now);
    for (const Listing listing : kFirstLists)
        ask({.what = Asked::list, .listing = listing}, "api " + listing_command(listing), now);
}

void Session::listed(const Request& request, std::string_view answer, Now now) {
    if (!builder_) return;
    if (request.what == Asked::list) {
        const bool understood = builder_->add(request.listing, answer);
        if (!understood && !is_of_callcenter(request.listing))
            return fail("freeswitch.bad_list", "the PBX answered `" + listing_command(request.listing) +
                                                   "` with something else: " + std::string(answer.substr(0, 100)));
        if (!understood && !std::exchange(callcenter_missing_logged_, true))
            log(LogLevel::warning, "freeswitch.no_callcenter",
                "the PBX does not answer callcenter_config (" + std::string(answer.substr(0, answer.find('\n'))) +
                    "): queues and agents are known from calls only");
        // Said before the list was made, and told from what was known before the link broke.
        if (understood && request.listing == Listing::agents)
            std::erase_if(
                held_, [](const PbxSignal& held) { return std::holds_alternative<signal::MemberChanged>(held.body); });
        if (request.listing == Listing::queues) {
            for (const std::string& queue : builder_->queues()) {
                if (!is_plain_word(queue)) continue;
                ++lists_open_;
                ask({.what = Asked::list, .about = queue, .listing = Listing::queue_members},
                    "api " + listing_command(Listing::queue_members, queue), now);
            }
        }
    }
    if (lists_open_ > 0 && --lists_open_ == 0) finish_snapshot(now);
}

void Session::finish_snapshot(Now now) {
    if (pbx_start_.empty()) pbx_start_ = seen_core_uuid_;
    if (pbx_start_.empty()) {
        log(LogLevel::warning, "freeswitch.start_unknown",
            "the PBX did not tell its core_uuid: after a restart of the PBX its old calls may be taken for live ones");
        pbx_start_ = "unknown";
    }
    signal::Snapshot snapshot = builder_->finish(now.wall);
    std::vector<PbxSignal> holds = translator_.know_holds(builder_->held(), now.wall);
    builder_.reset();
    dials_.on_snapshot(snapshot.channels, now);
    settle_ends(snapshot);
    resume_consultations(snapshot, now);
    out_.signals.push_back({now.wall, {}, {}, signal::LinkUp{pbx_start_}});
    out_.signals.push_back({now.wall, {}, {}, std::move(snapshot)});
    for (PbxSignal& hold : holds) out_.signals.push_back(std::move(hold));
    for (PbxSignal& held : held_) out_.signals.push_back(std::move(held));
    held_.clear();
    phase_ = Phase::ready;
    link_up_said_ = true;
    backoff_.reset();
}

}  // namespace citybridge::freeswitch
