#pragma once
// Commands on their way from any thread to a plugin's lane. A lane that stops
// drops the tasks it has not begun; their completions must not go with them, so
// the commands wait here, and stop() answers what is left.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "core/api/capabilities.h"
#include "core/api/link.h"

namespace citybridge {

class CommandInbox {
public:
    // Runs on the lane and sees to it that the completion is called once.
    using Command = std::function<void(const CommandDone&)>;

    // Lane thread, in start(). Before it every command is refused.
    void open() {
        const std::lock_guard lock(box_->mutex);
        box_->open = true;
    }

    // Lane thread, in stop(). None begins after it.
    void close() {
        std::map<std::uint64_t, Waiting> left;
        {
            const std::lock_guard lock(box_->mutex);
            box_->open = false;
            left.swap(box_->waiting);
        }
        for (auto& [id, waiting] : left) refuse(waiting.done);
    }

    // Any thread. Refused, certainly without effect, with reason "link_down"
    // when the plugin does not run or its lane takes no more.
    void put(Lane& lane, const CommandDone& done, Command command) {
        std::uint64_t id = 0;
        {
            const std::lock_guard lock(box_->mutex);
            if (box_->open) {
                id = ++box_->last;
                box_->waiting.emplace(id, Waiting{done, std::move(command)});
            }
        }
        if (id == 0) return refuse(done);
        const bool posted = lane.post([box = box_, id] {
            if (const auto waiting = box->take(id); waiting.command) waiting.command(waiting.done);
        });
        if (posted) return;
        if (const auto waiting = box_->take(id); waiting.done) refuse(waiting.done);
    }

private:
    struct Waiting {
        CommandDone done;
        Command command;
    };
    struct Box {
        // Empty if it was answered meanwhile.
        Waiting take(std::uint64_t id) {
            const std::lock_guard lock(mutex);
            auto node = waiting.extract(id);
            return node.empty() ? Waiting{} : std::move(node.mapped());
        }
        std::mutex mutex;
        bool open = false;
        std::uint64_t last = 0;
        std::map<std::uint64_t, Waiting> waiting;
    };

    static void refuse(const CommandDone& done) { done({CommandOutcome::failed, "link_down", {}}); }

    const std::shared_ptr<Box> box_ = std::make_shared<Box>();
};

}  // namespace citybridge
