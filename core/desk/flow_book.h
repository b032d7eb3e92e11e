#pragma once
// What the city's work orders go by, from its files: flows, the directory, who
// carries messages. Replaced as a whole when they are read again.
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/desk/directory.h"
#include "core/desk/flow.h"
#include "core/desk/message_rules.h"

namespace citybridge::desk {

struct FlowBook {
    FlowSet flows;
    Directory directory;
    std::map<std::string, std::string> channels;  // email, sms: the connector that carries it
    MessageRules messages = {};
    // How long an open order may lie without any deadline, if its flow says nothing.
    DueRule idle_after = in_working_days(2);
};

// The book of now. One thread puts, any thread reads. A book that was replaced is kept: reloads are few, and what was
// read from it stays valid as long as the desk.
class FlowBox {
public:
    explicit FlowBox(FlowBook book) { put(std::move(book)); }
    void put(FlowBook book) {
        books_.push_back(std::make_unique<const FlowBook>(std::move(book)));
        now_ = books_.back().get();
    }
    const FlowBook& get() const { return *now_.load(); }

private:
    std::vector<std::unique_ptr<const FlowBook>> books_;
    std::atomic<const FlowBook*> now_ = nullptr;
};

}  // namespace citybridge::desk
