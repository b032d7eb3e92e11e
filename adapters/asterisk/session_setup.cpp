// From the banner to the snapshot: what happens on a connection before it is of use.
#include <openssl/evp.h>

#include <utility>

#include "adapters/asterisk/filter.h"
#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {
namespace {

// Key of an MD5 login: lower-case hex of MD5(challenge + secret).
std::string md5_hex(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (unsigned int i = 0; i < size; ++i) {
        out.push_back(kDigits[digest[i] >> 4U]);
        out.push_back(kDigits[digest[i] & 15U]);
    }
    return out;
}

bool succeeded(const Message& response) { return equal_ignoring_case(response.name(), "Success"); }

}  // namespace

void Session::handle_banner(const Message& message, Now now) {
    if (!message.name().starts_with("Asterisk Call Manager"))
        return fail("asterisk.not_a_manager_port",
                    "what answers at this port is no Asterisk manager; check host and port");
    phase_ = Phase::login;
    phase_deadline_.reset();
    if (!settings_.md5) return send_login({}, now);
    const std::string id = next_id();
    ask(Asked::challenge, Action("Challenge", id).add("AuthType", "MD5"), id, now);
}

void Session::send_login(std::string_view challenge, Now now) {
    const std::string id = next_id();
    Action login("Login", id);
    login.add("Username", settings_.user);
    if (settings_.md5) {
        login.add("AuthType", "MD5").add("Key", md5_hex(std::string(challenge) + settings_.secret));
    } else {
        login.add("Secret", settings_.secret);
    }
    ask(Asked::login, login, id, now);
}

// FullyBooted follows on its own: at once, or when a starting PBX is ready.
void Session::after_login(Now now) {
    phase_ = Phase::booting;
    phase_deadline_ = now.mono + settings_.boot_timeout;
    next_ping_ = now.mono + settings_.ping_interval;
    if (!settings_.filter) return;
    for (const std::string_view filter : kEventFilters) {
        const std::string id = next_id();
        ask(Asked::filter, Action("Filter", id).add("Operation", "Add").add("Filter", filter), id, now);
    }
}

bool Session::answer_setup(const Request& request, const Message& response, Now now) {
    const bool success = succeeded(response);
    const std::string message(response.get("Message"));
    switch (request.what) {
        case Asked::challenge:
        case Asked::login:
            if (!success) {
                fail("asterisk.login_refused", "the PBX refused user '" + settings_.user + "': " + message +
                                                   "; check user, secret and permit in its manager.conf");
            } else if (request.what == Asked::challenge) {
                send_login(response.get("Challenge"), now);
            } else {
                after_login(now);
            }
            return true;
        case Asked::filter:
            if (!success && !std::exchange(filter_refusal_logged_, true))
                log(LogLevel::warning, "asterisk.filter_refused",
                    "the PBX refused the event filter: " + message +
                        "; all events are taken, at more cost. Write class `system` allows it");
            return true;
        case Asked::core_status:
            pbx_start_.clear();
            if (const auto time = response.get("CoreStartupTime"); success && !time.empty())
                pbx_start_ = std::string(response.get("CoreStartupDate")).append(" ").append(time);
            list_finished({}, now);
            return true;
        case Asked::rooms: check_rooms(success, message); return true;
        case Asked::ping: return true;
        default: return false;
    }
}

void Session::start_snapshot(Now now) {
    phase_ = Phase::snapshot;
    phase_deadline_.reset();
    builder_.emplace(translator_);
    members_.forget();
    rooms_there_ = false;
    if (const std::string& context = settings_.calls.conference_context; !context.empty()) {
        const std::string rooms_id = next_id();
        ask(Asked::rooms, Action("ShowDialPlan", rooms_id).add("Context", context), rooms_id, now);
    }
    lists_open_ = 1 + kSnapshotActions.size();
    const std::string id = next_id();
    ask(Asked::core_status, Action("CoreStatus", id), id, now);
    for (const std::string_view action : kSnapshotActions) {
        const std::string list_id = next_id();
        ask(Asked::list, Action(action, list_id), list_id, now);
    }
}

void Session::check_rooms(bool there, std::string_view why_not) {
    rooms_there_ = there;
    if (there) return;
    log(LogLevel::warning, "asterisk.context_missing",
        "the PBX does not show the dialplan context '" + settings_.calls.conference_context + "' (" +
            std::string(why_not) +
            "); nobody can be invited to a call. Take config/asterisk/extensions-citybridge.conf "
            "into its dialplan; write class `reporting` allows looking");
}

void Session::handle_response(const Message& message, Now now) {
    if (!calls_.empty() && calls_.on_response(message, now)) return collect();
    if (!dials_.empty() && dials_.on_response(message, now)) return;
    const auto found = requests_.find(std::string(message.get("ActionID")));
    if (found == requests_.end()) return;
    const bool is_list = found->second.what == Asked::list || found->second.what == Asked::channels;
    if (is_list && succeeded(message)) {
        found->second.deadline = now.mono + settings_.reply_timeout;
        return;
    }
    auto node = requests_.extract(found);
    Request& request = node.mapped();
    if (request.what == Asked::list) {
        // Without the module nobody is parked.
        const bool no_parking = request.name == "ParkedCalls" && is_unknown_action(message.get("Message"));
        if (!no_parking)
            log(LogLevel::warning, "asterisk.list_refused",
                "the PBX refused " + request.name + ": " + std::string(message.get("Message")) +
                    "; what was there before this connection is known only in part");
        list_finished({}, now);
    } else if (request.what == Asked::channels) {
        looked(false, now);
    } else if (!answer_setup(request, message, now)) {
        answer_command(request, message);
    }
}

void Session::handle_list_item(Request& request, const std::string& id, const Message& item, Now now) {
    request.deadline = now.mono + settings_.reply_timeout;
    auto& builder = request.what == Asked::channels ? looking_ : builder_;
    if (!equal_ignoring_case(item.get("EventList"), "Complete") && !item.name().ends_with("Complete")) {
        if (builder) builder->add(item, now.wall);
        if (request.what == Asked::list) members_.learn(item);
        return;
    }
    list_finished(id, now);
}

// Empty id: the request is already gone.
void Session::list_finished(const std::string& id, Now now) {
    if (auto node = requests_.extract(id); !node.empty() && node.mapped().what == Asked::channels)
        return looked(true, now);
    if (lists_open_ > 0 && --lists_open_ == 0 && builder_) finish_snapshot(now);
}

void Session::finish_snapshot(Now now) {
    if (pbx_start_.empty()) {
        log(LogLevel::warning, "asterisk.start_unknown",
            "the PBX did not say since when it runs (CoreStatus needs write class `reporting`): after a restart of the "
            "PBX a new call may get the id of an old one");
        pbx_start_ = "unknown";
    }
    signal::Snapshot snapshot = builder_->finish();
    builder_.reset();
    dials_.on_snapshot(snapshot.channels, now);
    out_.signals.push_back({now.wall, {}, {}, signal::LinkUp{pbx_start_}});
    out_.signals.push_back({now.wall, {}, {}, std::move(snapshot)});
    for (PbxSignal& held : held_) out_.signals.push_back(std::move(held));
    held_.clear();
    phase_ = Phase::ready;
    link_up_said_ = true;
    backoff_.reset();
    calls_.on_link_up(now);
    collect();
}

}  // namespace citybridge::asterisk
