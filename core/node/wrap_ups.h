#pragma once
// Conversations that want a disposition (A10): what is told when the PBX makes an
// agent ready who has not given it.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/api/events.h"
#include "core/desk/centre.h"
#include "core/store/reader.h"

namespace citybridge {

// The PBX ends wrap-up when it likes: then the truth is told (event "disposition.missing", a mark in the store), and
// nobody is held up. It looks a moment later, when the contact's row is in the store.
class WrapUpWatch {
public:
    using Note = std::function<void(Changes)>;
    using Publish = std::function<void(std::vector<Event>)>;
    WrapUpWatch(store::Readers& readers, std::shared_ptr<const desk::CentreBox> centre, Note note, Publish publish,
                Millis settle = Millis{2'000});
    ~WrapUpWatch() { stop(); }
    WrapUpWatch(const WrapUpWatch&) = delete;
    WrapUpWatch& operator=(const WrapUpWatch&) = delete;

    void start();
    void stop();
    // The live strand's listener. Does not block.
    void heard(const EventPtr& event);

private:
    struct Look {
        std::string agent;
        WallTime at{};
        MonoTime due{};
    };
    void run();
    void look(const Look& look) const;

    store::Readers& readers_;
    const std::shared_ptr<const desk::CentreBox> centre_;
    const Note note_;
    const Publish publish_;
    const Millis settle_;
    std::map<std::string, AgentPresence> presence_;  // the live strand's
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<Look> looks_;  // guarded by mutex_; in the order they are due
    bool stopping_ = false;   // guarded by mutex_
    std::thread thread_;
};

}  // namespace citybridge
