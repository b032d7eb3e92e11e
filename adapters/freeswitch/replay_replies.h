#pragma once
// What a small FreeSWITCH without calls says to a client: login, subscriptions,
// `show`, the lists of mod_callcenter. Pure.
#include <set>
#include <string>
#include <string_view>

namespace citybridge::freeswitch {

class ReplayReplies {
public:
    void set_core_uuid(std::string uuid) { core_uuid_ = std::move(uuid); }

    std::string greeting() const;
    // Takes any split of the client's bytes; returns the answers.
    std::string on_client_bytes(std::string_view bytes);

    bool logged_in() const { return logged_in_; }
    bool listening() const { return logged_in_ && (all_ || !names_.empty()); }
    bool subscribed(std::string_view event, std::string_view subclass) const;

private:
    std::string answer(std::string_view command);
    std::string answer_api(std::string_view command) const;
    std::string background(std::string_view command);
    void subscribe(std::string_view words);
    void unsubscribe(std::string_view words);

    std::string core_uuid_ = "00000000-0000-4000-8000-000000000000";
    std::string client_bytes_;
    bool logged_in_ = false;
    bool all_ = false;
    std::set<std::string, std::less<>> names_;
    std::set<std::string, std::less<>> subclasses_;
    std::set<std::string, std::less<>> nixed_;
    int jobs_ = 0;
};

}  // namespace citybridge::freeswitch
